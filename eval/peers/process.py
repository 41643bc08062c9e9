"""The other end of `eval.peers.worker`: a peer's process, as its caller sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

from rag.errors import FailureError

if TYPE_CHECKING:
    from eval.peers.worker import Task

# What native libraries would tell of every single search.
QUIET = {"LANCE_LOG": "error", "LANCEDB_LOG": "error"}


class PeerProcess:
    """Runs a task; every answer is a JSON object. A context manager.

    Raises: FailureError with what the process said last, when it ends early.
    """

    def __init__(self, task: Task) -> None:
        self._name = task.peer
        self._stderr = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eval.peers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            env={**os.environ, **QUIET},
        )
        self.tell(asdict(task))

    def tell(self, message: Any) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def hear(self) -> dict[str, Any]:
        """Wait for one line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        message: dict[str, Any] = json.loads(line)
        return message

    def no_more(self) -> None:
        """Tell that nothing else will be sent."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            assert stream is not None
            _close(stream)

    def wait(self) -> None:
        """Until it has ended by itself. Raises: FailureError when it failed."""
        if self._process.wait():
            raise self._ended()

    def _ended(self) -> FailureError:
        code = self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read().strip().splitlines()
        last = said[-1] if said else f"nothing (exit status {code})"
        return FailureError(f"The process of {self._name} ended early; it said: {last}")


def _close(stream: Any) -> None:
    """A pipe to a process that is gone may still hold what could not be sent."""
    try:
        stream.close()
    except BrokenPipeError:
        return
