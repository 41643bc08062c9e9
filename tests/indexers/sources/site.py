"""A real web server on this machine, honest and hostile, for tests of fetching."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (
    b"<html><body><article><p>"
    + b"The tides follow the moon. " * 20
    + b"</p></article></body></html>"
)
MIB = 2**20
BOMB = gzip.compress(bytes(50 * MIB), 1)


class Handler(BaseHTTPRequestHandler):
    """Each path behaves as its name says."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        with suppress(OSError):
            getattr(self, f"_{self.path.strip('/').partition('.')[0]}", self._missing)()

    def log_message(self, *_: object) -> None:
        pass

    def _reply(self, body: bytes, kind: str = "text/html", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _to(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _missing(self) -> None:
        self.send_error(404)

    def _robots(self) -> None:
        self._reply(b"User-agent: *\nDisallow: /secret\n", "text/plain")

    def _page(self) -> None:
        if self.headers.get("If-None-Match") == '"1"':
            self.send_response(304)
            self.end_headers()
        else:
            self._reply(PAGE, ETag='"1"')

    def _notes(self) -> None:
        self._reply(b"# Notes\n\nThe moon is far.", "text/markdown; charset=utf-8")

    def _secret(self) -> None:
        self._reply(PAGE)

    def _image(self) -> None:
        self._reply(b"\x89PNG", "image/png")

    def _moved(self) -> None:
        self._to("/page")

    def _loop(self) -> None:
        self._to("/loop")

    def _inside(self) -> None:
        self._to("http://169.254.169.254/latest/meta-data")

    def _file(self) -> None:
        self._to("file:///etc/passwd")

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        while True:
            self.wfile.write(b"a" * MIB)

    def _bomb(self) -> None:
        self._reply(BOMB, "text/plain", Content_Encoding="gzip")

    def _slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        while True:
            self.wfile.write(b"a")
            time.sleep(0.1)

    def _loris(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X: y\r\n")
            time.sleep(0.1)


@contextmanager
def served() -> Iterator[str]:
    """The address of the server while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
