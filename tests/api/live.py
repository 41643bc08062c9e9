"""The application on a real socket, in a thread of the test process."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import uvicorn

from api.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from rag.service import Rag


@contextmanager
def served(rag: Rag) -> Iterator[str]:
    """The address at which the service answers, without a slash at its end."""
    with served_app(create_app(rag=rag)) as address:
        yield address


@contextmanager
def served_app(app: FastAPI) -> Iterator[str]:
    """The same for an application."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield _address(server)
    finally:
        server.should_exit = True
        thread.join(30)


def _address(server: uvicorn.Server) -> str:
    while not server.started:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    address = f"http://{host}:{port}"
    while httpx.get(f"{address}/readyz").status_code != 200:
        time.sleep(0.05)
    return address
