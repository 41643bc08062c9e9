"""Server-sent events: what a response streams while a model writes.

The format is that of the HTML standard, section 9.2.5.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

from anyio import CancelScope
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from pydantic import BaseModel
    from starlette.types import Receive, Scope, Send

T = TypeVar("T")
# Proxies close connections that are silent for a minute, some for half of one.
KEEPALIVE_SECONDS = 15.0
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold the events back
}


class EventStream(EventSourceResponse):
    """Frames as a response. When the client leaves, the frames are closed at once."""

    def __init__(self, frames: AsyncGenerator[bytes], keepalive: float = KEEPALIVE_SECONDS):
        self._frames = kept_alive(frames, keepalive)
        super().__init__(self._frames, headers=HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all frames."""
        async with aclosing(self._frames):
            await super().__call__(scope, receive, send)


def frame(data: BaseModel, event: str | None = None) -> bytes:
    """One event as it goes over the wire."""
    return format_sse_event(data_str=data.model_dump_json(), event=event)


async def begun(items: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """The same items, the first of which is there already.

    A response has its status before it streams: what fails until the first item, such as a
    collection that does not exist, can still answer with a status of its own.
    """
    first = await anext(items)
    return _chain(first, items)


async def _chain(first: T, rest: AsyncGenerator[T]) -> AsyncGenerator[T]:
    async with aclosing(rest):
        yield first
        async for item in rest:
            yield item


async def told(
    items: AsyncGenerator[T],
    write: Callable[[T], Iterable[bytes]],
    write_error: Callable[[Exception], bytes],
) -> AsyncGenerator[bytes]:
    """The frames of each item; whatever goes wrong is the last of them."""
    async with aclosing(items):
        try:
            async for item in items:
                for each in write(item):
                    yield each
        except Exception as error:  # noqa: BLE001 - the status is sent: nothing else can tell of it
            yield write_error(error)


async def kept_alive(frames: AsyncGenerator[bytes], seconds: float) -> AsyncGenerator[bytes]:
    """The frames, and a comment whenever there has been none for `seconds`."""
    async with aclosing(frames):
        while True:
            upcoming = asyncio.ensure_future(anext(frames, None))
            try:
                while not await _within(seconds, upcoming):
                    yield KEEPALIVE_COMMENT
            finally:
                # A thread that makes the next frame cannot be broken off, and what it is
                # in the midst of cannot be closed.
                with CancelScope(shield=True):
                    await asyncio.wait([upcoming])
            made = upcoming.result()
            if made is None:
                return
            yield made


async def _within(seconds: float, upcoming: asyncio.Future[bytes | None]) -> bool:
    done, _ = await asyncio.wait([upcoming], timeout=seconds)
    return bool(done)
