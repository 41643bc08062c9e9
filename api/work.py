"""Where blocking work runs: bounded threads, and a bounded queue before them."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread

from api.refusals import OverloadedError, StoppingError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterator

T = TypeVar("T")
P = ParamSpec("P")
END = object()
PAUSE = 0.05  # seconds between two looks at what still runs


class Running:
    """Counts calls where they run: one whose caller was cut off goes on without it."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def counted(self, call: Callable[[], T]) -> Callable[[], T]:
        """The call, which is counted while it runs."""

        def run() -> T:
            self._add(1)
            try:
                return call()
            finally:
                self._add(-1)

        return run

    def _add(self, number: int) -> None:
        with self._lock:
            self.count += number


class Work:
    """Runs what models and the engine do, off the event loop.

    At most `workers` calls run at once and `queue` wait. A caller that is cancelled while it
    waits leaves the queue; what runs is not broken off.
    """

    def __init__(self, workers: int, queue: int):
        self._limiter = CapacityLimiter(workers)
        self._places = workers + queue
        self._taken = 0
        self._last_moment: float | None = None
        self._running = Running()

    @property
    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return self._limiter.statistics().tasks_waiting

    @property
    def busy(self) -> int:
        """How many threads work."""
        return self._running.count

    @property
    def stopping(self) -> bool:
        """Nothing new is begun."""
        return self._last_moment is not None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result.

        Raises: OverloadedError, StoppingError, and what the function raises.
        """
        with self._place():
            return await self._in_thread(partial(function, *args, **kwargs))

    async def stream(self, make: Callable[[], Generator[T]]) -> AsyncGenerator[T]:
        """What the generator gives, each step in a thread; it is closed when the caller leaves.

        Raises: as `run`; StoppingError also when the time that `stop` gave is over.
        """
        with self._place():
            items = await self._in_thread(make)
            try:
                while (item := await self._in_thread(partial(_next, items))) is not END:
                    yield item  # type: ignore[misc]  # END is none of them
                    self._check_time()
            finally:
                with CancelScope(shield=True):
                    await to_thread.run_sync(items.close)

    def stop(self, grace: float) -> None:
        """Begin nothing new; what runs may go on for `grace` seconds."""
        self._last_moment = time.monotonic() + grace

    async def idle(self, seconds: float) -> bool:
        """Wait until nothing runs, but no longer than this; says whether nothing does."""
        with anyio.move_on_after(seconds):
            while self.busy:
                await anyio.sleep(PAUSE)
        return not self.busy

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await to_thread.run_sync(self._running.counted(call), limiter=self._limiter)

    def _check_time(self) -> None:
        if self._last_moment is not None and time.monotonic() > self._last_moment:
            raise StoppingError

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self.stopping:
            raise StoppingError
        if self._taken >= self._places:
            raise OverloadedError("The server has more to do than it can keep; retry in a moment.")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


def _next(items: Iterator[T]) -> T | object:
    return next(items, END)
