"""Keeps what native code prints away from standard output."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STDOUT_FD = 1


@contextmanager
def stdout_to(log: Path) -> Iterator[None]:
    """Send file descriptor 1 to `log` (appended) while the body runs.

    Descriptors belong to the whole process: what another thread prints meanwhile lands
    in `log` too. Call it only where native code is known to print.
    """
    _flush()
    saved = os.dup(STDOUT_FD)
    try:
        with log.open("ab") as target:
            os.dup2(target.fileno(), STDOUT_FD)
        yield
    finally:
        _flush()
        os.dup2(saved, STDOUT_FD)
        os.close(saved)


def _flush() -> None:
    """Empty Python's and C's buffers, so that each byte goes where it was meant to."""
    if sys.stdout is not None:
        sys.stdout.flush()
    ctypes.CDLL(None).fflush(None)
