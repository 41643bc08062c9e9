"""Doing things in another thread, one call behind who asks for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

R = TypeVar("R")


class Behind(Generic[R]):
    """Calls are done in order by one thread; at most one of them is under way.

    What a call raises is raised by the next method called here, before anything else is begun.
    Leaving the context waits for the call under way; call `finish` first to hear of its end.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._under_way: Future[R] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._executor.shutdown()

    def do(self, call: Callable[[], R]) -> list[R]:
        """Begin a call once the one before has ended; gives what that one returned."""
        ended = self.finish()
        self._under_way = self._executor.submit(call)
        return ended

    def finish(self) -> list[R]:
        """Wait for the call under way; gives what it returned, nothing where there is none."""
        if self._under_way is None:
            return []
        under_way, self._under_way = self._under_way, None
        return [under_way.result()]
