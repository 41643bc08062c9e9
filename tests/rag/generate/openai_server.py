"""A small server that speaks the OpenAI protocol and fails as a test wants it to."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = ("Bees ", "dance ", "far.")


class Reply(BaseHTTPRequestHandler):
    """Answers each request by the next of the server's replies."""

    server: OpenAIServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.requests.append(json.loads(self.rfile.read(length)))
        self.server.keys.append(self.headers["Authorization"])
        self.server.replies.pop(0)(self)

    def log_message(self, *args: Any) -> None:
        pass

    def start(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, **fields: Any) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.raw(json.dumps({**chunk, "choices": [], **fields}))

    def delta(self, text: str = "", finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        self.event(choices=[choice])

    def raw(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


class OpenAIServer(ThreadingHTTPServer):
    """Keeps what it was sent; `gone` is set when a client hung up on an endless answer."""

    daemon_threads = True

    def __init__(self, replies: tuple[Callable[[Reply], None], ...]):
        super().__init__(("127.0.0.1", 0), Reply)
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def serving(*replies: Callable[[Reply], None]) -> Iterator[OpenAIServer]:
    """A server that gives these replies in order."""
    with OpenAIServer(replies) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def whole(reply: Reply) -> None:
    """A good answer with usage."""
    reply.start()
    for word in WORDS:
        reply.delta(word)
    reply.delta(finish="stop")
    reply.event(usage={"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14})
    reply.raw("[DONE]")


def without_usage(reply: Reply) -> None:
    """As servers that know no stream_options answer."""
    reply.start()
    reply.delta(WORDS[0], "length")
    reply.raw("[DONE]")


def cut(reply: Reply) -> None:
    """A stream that ends in the middle."""
    reply.start()
    reply.delta(WORDS[0])


def silent(reply: Reply) -> None:
    """A stream that stays open after its first word."""
    reply.start()
    reply.delta(WORDS[0])
    time.sleep(3)


def endless(reply: Reply) -> None:
    """Words until the client hangs up."""
    reply.start()
    try:
        while True:
            reply.delta("more ")
            time.sleep(0.005)
    except OSError:
        reply.server.gone.set()


def status(code: int, says: str = "no") -> Callable[[Reply], None]:
    """An error of HTTP."""

    def reply_with(reply: Reply) -> None:
        body = json.dumps({"error": {"message": says}}).encode()
        reply.send_response(code)
        reply.send_header("Content-Type", "application/json")
        reply.send_header("Content-Length", str(len(body)))
        reply.end_headers()
        reply.wfile.write(body)

    return reply_with
