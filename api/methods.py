"""Which methods a path takes: HEAD wherever GET, and `Allow` with all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

GET, HEAD = "GET", "HEAD"
METHODS = (GET, "POST", "DELETE")  # those that routes of this server are made for


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, as one that the routes know."""
        if scope["type"] != "http" or scope["method"] != HEAD:
            await self._app(scope, receive, send)
            return
        scope["method"] = GET
        try:
            await self._app(scope, receive, _without_body(send))
        finally:
            scope["method"] = HEAD  # as the log and the metrics tell it


def allowed(routes: Sequence[BaseRoute], scope: Scope) -> str:
    """The methods that a path takes, as `Allow` lists them.

    Each route by itself knows its own only.
    """
    taken = [method for method in METHODS if _takes(routes, {**scope, "method": method})]
    return ", ".join([*taken, HEAD] if GET in taken else taken)


def _takes(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        body = message["type"] == "http.response.body"
        await send({**message, "body": b""} if body else message)

    return send_head
