"""A client that goes away: nobody works for it any longer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import CancelScope

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

GONE: Message = {"type": "http.disconnect"}


class CancelForsaken:
    """Cancels a request whose client left before it had the whole answer.

    Work that waits then leaves the queue and a stream is closed; a call that runs in a thread
    cannot be broken off, and its result is dropped.
    """

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application while the client is there."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with CancelScope() as asked:
            client = Client(receive, send, asked)
            watching = asyncio.create_task(client.watch())
            try:
                await self._app(scope, client.receive, client.send)
            finally:
                watching.cancel()
                with CancelScope(shield=True):
                    await asyncio.wait([watching])


class Client:
    """Both directions of a connection, of which every message is looked at as it comes.

    One message is read ahead, so that an upload is read no faster than the application takes it.
    """

    def __init__(self, receive: Receive, send: Send, asked: CancelScope):
        self._receive = receive
        self._send = send
        self._asked = asked
        self._messages: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)
        self._gone = asyncio.Event()
        self._answered = False

    async def watch(self) -> None:
        """Pass on what comes; cancel the request when the client has left too early."""
        while (message := await self._receive())["type"] != GONE["type"]:
            await self._messages.put(message)
        self._gone.set()
        if not self._answered:
            self._asked.cancel()
        await self._messages.put(GONE)

    async def receive(self) -> Message:
        """The next message, and that the client is gone as often as it is asked for."""
        if self._gone.is_set() and self._messages.empty():
            return GONE
        return await self._messages.get()

    async def send(self, message: Message) -> None:
        """Send, and note when the answer is complete: what follows is done without the client."""
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._answered = True
        await self._send(message)
