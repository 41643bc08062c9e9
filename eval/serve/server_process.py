"""A real `trident serve` as a process of its own, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import httpx
import psutil

from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND = Path(sys.executable).with_name("trident")
LONGEST_START = 300.0  # seconds: models may have to be loaded from a slow disk
LONGEST_STOP = 60.0
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that answers; `ready_seconds` from its start until /readyz was green."""

    url: str
    ready_seconds: float
    process: subprocess.Popen[str]

    def resident_bytes(self) -> int:
        """Memory of the process now."""
        size: int = psutil.Process(self.process.pid).memory_info().rss
        return size

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(
    store: Path, variables: Mapping[str, str] | None = None, longest_start: float = LONGEST_START
) -> Iterator[ServerProcess]:
    """A server over the database in `store` that is ready; it is asked to stop in the end.

    `variables` are environment variables besides this process's.
    Raises: FailureError with what it said last.
    """
    port = _free_port()
    environment = {**os.environ, "TRIDENT_STORE__PATH": str(store), **(variables or {})}
    command = [str(COMMAND), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile("w+") as log:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)  # noqa: S603 - our own command
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process, log, began + longest_start)
            yield ServerProcess(url, time.monotonic() - began, process)
        finally:
            _stop(process)


def _wait_until_ready(
    url: str, process: subprocess.Popen[str], log: IO[str], deadline: float
) -> None:
    while not _is_ready(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise FailureError(f"The server did not get ready; it said: {_last_line(log)}")
        time.sleep(PAUSE)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False


def _last_line(log: IO[str]) -> str:
    log.seek(0)
    lines = log.read().strip().splitlines()
    return lines[-1] if lines else "nothing"


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
