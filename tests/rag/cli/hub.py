"""A model hub on this machine: the few answers of its API that a download needs."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def hub_of(
    folder: Path, repo: str, commit: str, revision: str, kind: str = "models"
) -> Iterator[str]:
    """Serve the files of `folder` as a repository at a revision; gives the hub's address."""
    with Hub(folder, repo, commit, revision, kind) as hub:
        thread = Thread(target=hub.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{hub.server_port}"
        hub.shutdown()
        thread.join()


class Hub(ThreadingHTTPServer):
    """One repository with one commit."""

    def __init__(self, folder: Path, repo: str, commit: str, revision: str, kind: str):
        super().__init__(("127.0.0.1", 0), Answer)
        self.commit = commit
        files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
        contents = {name: path.read_bytes() for name, path in files.items()}
        listing = {"id": repo, "sha": commit, "siblings": [{"rfilename": n} for n in contents]}
        tree = [
            {"type": "file", "path": name, "size": len(content), "oid": "0" * 40}
            for name, content in contents.items()
        ]
        self.pages = {"/": b"a hub"}
        files_of = repo if kind == "models" else f"{kind}/{repo}"
        for each in (commit, revision):
            self.pages[f"/api/{kind}/{repo}/revision/{each}"] = json.dumps(listing).encode()
            self.pages[f"/api/{kind}/{repo}/tree/{each}"] = json.dumps(tree).encode()
            for name, content in contents.items():
                self.pages[f"/{files_of}/resolve/{each}/{name}"] = content


class Answer(BaseHTTPRequestHandler):
    """A page, or 404."""

    server: Hub

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        self.wfile.write(self._head())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _head(self) -> bytes:
        """Send status and headers; gives the body."""
        content = self.server.pages.get(self.path.partition("?")[0])
        body = content or b""
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Repo-Commit", self.server.commit)
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.end_headers()
        return body
