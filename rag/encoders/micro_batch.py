"""Calls that come at the same time, done together.

Batches are as large as the load makes them: whatever came while one was run is the next
one, so that nobody waits for a batch to fill and an idle machine answers at once.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


class MicroBatch(Generic[T, R]):
    """A function of one item over a function of many, of which one call runs at a time.

    Callers are threads: one of those that wait runs the batch for all in it. `largest` bounds
    a batch; who came first is served first.
    """

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]], largest: int):
        self._run = run
        self._largest = largest
        self._changed = threading.Condition()
        self._queue: deque[tuple[T, Future[R]]] = deque()
        self._running = False

    def __call__(self, item: T) -> R:
        """The item's result. Raises: what the function raises for this item."""
        mine: Future[R] = Future()
        with self._changed:
            self._queue.append((item, mine))
        while batch := self._next_batch(mine):
            try:
                self._resolve(batch)
            finally:
                self._end_batch()
        return mine.result()

    def _next_batch(self, mine: Future[R]) -> list[tuple[T, Future[R]]]:
        """Wait until `mine` is done, which gives nothing, or there is a batch to run."""
        with self._changed:
            self._changed.wait_for(lambda: mine.done() or not self._running)
            if mine.done():
                return []
            self._running = True
            return [self._queue.popleft() for _ in range(min(self._largest, len(self._queue)))]

    def _end_batch(self) -> None:
        with self._changed:
            self._running = False
            self._changed.notify_all()

    def _resolve(self, batch: Sequence[tuple[T, Future[R]]]) -> None:
        """Run a batch; when it fails each item is tried alone, so that only the culprit fails."""
        try:
            results = self._run([item for item, _ in batch])
        except BaseException as error:  # noqa: BLE001 - raised where its item came from
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:
                self._resolve([one])
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
