"""Each request once in the log, in the metrics and in a trace."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.observe.metrics import Metrics
    from api.observe.tracing import Tracing

log = logging.getLogger("trident.access")
CLIENT_LEFT = 499  # nginx's status for a request whose client closed the connection
FAILED = 500
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD, NO_ROUTE, NOBODY = "OTHER", "unmatched", "-"


@dataclass(slots=True)
class Outcome:
    """What became of a request so far."""

    status: int = CLIENT_LEFT


class ObservedRequests:
    """Around everything that answers, so that refusals are seen, too."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing):
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        outcome, started = Outcome(), perf_counter()
        with self._tracing.request(Headers(scope=scope)) as span:
            try:
                await self._app(scope, receive, _noting(outcome, send))
            except Exception:
                outcome.status = FAILED
                raise
            finally:
                span.end(_method(scope), _route(scope), outcome.status)
                self._note(scope, outcome.status, perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), _route(scope)
        self._metrics.request(route, method, status, seconds)
        caller = scope.get("caller")
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(1e3 * seconds, 1),
            "key": caller.name if caller else NOBODY,
        }
        log.info("request", extra=fields)


def _noting(outcome: Outcome, send: Send) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            outcome.status = message["status"]
        await send(message)

    return noting


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in METHODS else OTHER_METHOD


def _route(scope: Scope) -> str:
    """The route's template: paths hold what clients choose, such as ids."""
    return getattr(scope.get("route"), "path", None) or NO_ROUTE
