"""Starts and ends the server in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.rag.store.process import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def serve(folder: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """Serve the database in `folder` at a port, or at any that is free; gives its URI too."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rag.store.server.service", str(folder), str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, f"infinity://127.0.0.1:{process.stdout.readline().strip()}"


def end(process: subprocess.Popen[str]) -> None:
    """Let it end in peace."""
    assert process.stdin is not None
    process.stdin.close()
