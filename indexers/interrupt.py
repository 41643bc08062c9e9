"""A run ends at the next safe place: when Ctrl-C is pressed, or whoever began it wants it to."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Interrupt:
    """Whether somebody asked the run to stop; set `requested` from any thread to do so."""

    requested = False


@contextmanager
def deferred_interrupt(interrupt: Interrupt | None = None) -> Iterator[Interrupt]:
    """Note the first SIGINT of the block; the second raises KeyboardInterrupt as always.

    Outside the main thread, where signals do not arrive, only others request anything.
    """
    interrupt = interrupt or Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    previous = signal.getsignal(signal.SIGINT)

    def note(_signal: int, _frame: FrameType | None) -> None:
        interrupt.requested = True
        signal.signal(signal.SIGINT, previous)

    signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, previous)
