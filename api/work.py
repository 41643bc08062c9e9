"""Where blocking work runs: bounded threads, and a bounded queue before them."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from api.refusals import OverloadedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

T = TypeVar("T")
P = ParamSpec("P")
END = object()


class Work:
    """Runs what models and the engine do, off the event loop.

    At most `workers` calls run at once and `queue` wait. A caller that is cancelled while it
    waits leaves the queue; what runs is not broken off.
    """

    def __init__(self, workers: int, queue: int):
        self._limiter = CapacityLimiter(workers)
        self._places = workers + queue
        self._taken = 0

    @property
    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return self._limiter.statistics().tasks_waiting

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result. Raises: OverloadedError, and what the function raises."""
        with self._place():
            return await self._in_thread(partial(function, *args, **kwargs))

    async def stream(self, make: Callable[[], Generator[T]]) -> AsyncIterator[T]:
        """What the generator gives, each step in a thread; it is closed when the caller leaves.

        Raises: as `run`.
        """
        with self._place():
            items = await self._in_thread(make)
            try:
                while (item := await self._in_thread(partial(_next, items))) is not END:
                    yield item  # type: ignore[misc]  # END is none of them
            finally:
                items.close()

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await to_thread.run_sync(call, limiter=self._limiter)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._taken >= self._places:
            raise OverloadedError("The server has more to do than it can keep; retry in a moment.")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


def _next(items: Iterator[T]) -> T | object:
    return next(items, END)
