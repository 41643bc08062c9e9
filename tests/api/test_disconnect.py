"""A client that leaves is not worked for; one that has its answer is."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from api.disconnect import CancelForsaken

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

pytestmark = pytest.mark.anyio
HTTP: dict[str, Any] = {"type": "http"}
GONE = {"type": "http.disconnect"}
LAST = {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Connection:
    """A client that sends parts of a body and leaves when it is told to."""

    def __init__(self, parts: int = 1):
        self.leave = asyncio.Event()
        self.read = 0
        self._parts = parts

    async def receive(self) -> Message:
        if self.read < self._parts:
            self.read += 1
            more = self.read < self._parts
            return {"type": "http.request", "body": b"x", "more_body": more}
        await self.leave.wait()
        return GONE

    async def send(self, message: Message) -> None:
        """Keeps nothing."""


async def run(app: ASGIApp, connection: Connection) -> None:
    with anyio.fail_after(10):
        await CancelForsaken(app)(HTTP, connection.receive, connection.send)


async def test_what_waits_is_cancelled_when_the_client_leaves() -> None:
    cancelled = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        connection.leave.set()
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.append(True)

    connection = Connection()
    await run(app, connection)
    assert cancelled


async def test_a_call_in_a_thread_ends_before_its_request_does() -> None:
    ended = threading.Event()

    def call() -> None:
        anyio.from_thread.run_sync(connection.leave.set)
        time.sleep(0.05)
        ended.set()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await anyio.to_thread.run_sync(call)
        await anyio.sleep_forever()

    connection = Connection()
    await run(app, connection)
    assert ended.is_set()


async def test_what_is_done_after_the_answer_is_not_cancelled() -> None:
    done = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(LAST)
        connection.leave.set()
        await anyio.sleep(0.05)
        done.append(await receive())
        done.append(await receive())

    connection = Connection(parts=0)
    await run(app, connection)
    assert done == [GONE, GONE]


async def test_the_body_comes_whole_and_in_order() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            more = message["more_body"]
            bodies.append(message["body"])

    bodies: list[bytes] = []
    await run(app, Connection(parts=5))
    assert bodies == [b"x"] * 5


async def test_an_upload_is_read_no_faster_than_it_is_taken() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await anyio.sleep(0.05)

    connection = Connection(parts=100)
    await run(app, connection)
    assert connection.read <= 2


async def test_an_error_of_the_application_comes_out_as_it_is() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await run(app, Connection())


async def test_the_event_loop_s_own_messages_pass() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await CancelForsaken(app)({"type": "lifespan"}, Connection().receive, Connection().send)
    assert seen == ["lifespan"]
