"""A limit on the body of every request, however it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import Request

from api.problems import problem
from api.refusals import TooLargeError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from rag.settings import ServerSettings

LARGEST_BODY = 1_000_000
DOCUMENTS = re.compile(r"/v1/collections/[^/]+/documents/?")
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes of a body: of files, of documents in JSON, and of anything else."""

    files: int
    documents: int
    other: int = LARGEST_BODY

    @classmethod
    def of(cls, settings: ServerSettings) -> BodyLimits:
        """Those of the server."""
        return cls(settings.largest_upload, settings.largest_body)


class BodyLimit:
    """Refuses bodies above a size.

    Most are read whole before anything else is done. Files are counted while the route that
    takes them writes them to disk.
    """

    def __init__(self, app: ASGIApp, limits: BodyLimits):
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with a body that is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not DOCUMENTS.fullmatch(scope["path"]):
            await self._whole(scope, receive, send, self._limits.other)
        elif _is_form(scope):
            await self._app(scope, _counted(receive, self._limits.files), send)
        else:
            await self._whole(scope, receive, send, self._limits.documents)

    async def _whole(self, scope: Scope, receive: Receive, send: Send, largest: int) -> None:
        body = await _read(receive, largest)
        if body is not None:
            await self._app(scope, _replay(body, receive), send)
            return
        error = _too_large(largest)
        response = problem(Request(scope), error.http_status, error.code, str(error))
        await response(scope, receive, send)


def _is_form(scope: Scope) -> bool:
    return Headers(scope=scope).get("content-type", "").lower().startswith(MULTIPART)


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The whole body, or None when it is too large."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            return None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body first and then what the client goes on to send."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(messages, None) or await receive()

    return replay


def _counted(receive: Receive, largest: int) -> Receive:
    """A `receive` that raises TooLargeError when more comes."""
    left = largest

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(largest)
        return message

    return counted


def _too_large(largest: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than {largest} bytes; send less.")
