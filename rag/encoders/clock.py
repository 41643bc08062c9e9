"""How long the models' forward passes take."""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


class ForwardClock:
    """A context around each forward pass that adds up their wall time.

    One pass runs at a time: two at once would only share the cores.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._started = 0.0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._started = perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.seconds += perf_counter() - self._started
        self._lock.release()
