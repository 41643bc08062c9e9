"""The one way in: who asks is settled before a body is read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from api.auth.caller import EVERYONE
from api.auth.key_file import KeyFileError
from api.auth.open_paths import is_open
from api.auth.rate_limit import RateLimit, client_of
from api.problems import describe, respond
from api.refusals import KeysUnreadableError, RefusalError, UnauthenticatedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.auth.access import Access
    from api.auth.caller import Caller
    from rag.settings import ServerSettings

log = logging.getLogger("trident.api")


class Gate:
    """Sets `scope["caller"]`, or answers 401, 403 or 429 in the application's place."""

    def __init__(self, app: ASGIApp, access: Access, settings: ServerSettings):
        self._app = app
        self._access = access
        self._by_key = _limit(settings.rate_limit)
        self._by_address = _limit(settings.address_rate_limit)
        self._failures = _limit(settings.failure_rate_limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] != "http" or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            scope["caller"], headers = self._admit(request)
        except RefusalError as error:
            response = respond(request, describe(request, error), error.headers)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, _adding(headers, send))

    def _admit(self, request: Request) -> tuple[Caller, Mapping[str, str]]:
        """The caller, and the headers that say how many more requests it has."""
        address = client_of(request.client.host if request.client else "")
        caller = self._caller(request, address)
        everyone = caller is EVERYONE
        limit = self._by_address if everyone else self._by_key
        return caller, limit.hit(address if everyone else caller.name) if limit else {}

    def _caller(self, request: Request, address: str) -> Caller:
        """Raises: as `Access.caller`, RateLimitedError for failures, KeysUnreadableError.

        A good key is let in whatever else came from its address, which behind a proxy is
        everybody's.
        """
        try:
            return self._access.caller(request.headers)
        except UnauthenticatedError:
            if self._failures:
                self._failures.hit(address)
            raise
        except KeyFileError as error:
            log.error("the keys cannot be read", exc_info=error)
            raise KeysUnreadableError(
                "The server cannot read its keys; its log says why."
            ) from error


def _limit(rate: str) -> RateLimit | None:
    return RateLimit(rate) if rate else None


def _adding(headers: Mapping[str, str], send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return send_with_headers
