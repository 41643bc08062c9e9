"""Making things in another thread, a bounded way ahead of who needs them."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

T = TypeVar("T")

POLL = 0.1  # seconds between two looks at whether to stop


class Ahead(Generic[T]):
    """Iterates over what `make` gives, made in a thread of its own ahead of the consumer.

    The thread waits while what is made and not yet taken weighs `room` or more, so at most
    one item more than `room` is held. What it raises is raised in the consumer, after all
    that was made before. Iteration also ends as soon as `stopped` says so. Leave the context
    to end the thread: it then stops at the next item. `make` is given a function that says
    whether nothing more is wanted, for what takes long to make one.
    """

    def __init__(
        self,
        make: Callable[[Callable[[], bool]], Generator[T]],
        room: int,
        weight: Callable[[T], int],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._items = make(self._unwanted)
        self._room = room
        self._weigh = weight
        self._stopped = stopped
        self._changed = threading.Condition()
        self._made: deque[T] = deque()
        self._weight = 0
        self._ended = False
        self._closed = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while self._wait_for_one():
            with self._changed:
                item = self._made.popleft()
                self._weight -= self._weigh(item)
                self._changed.notify_all()
            yield item
        if self._error and not self._stopped():
            raise self._error

    def _unwanted(self) -> bool:
        return self._closed or self._stopped()

    def _wait_for_one(self) -> bool:
        with self._changed:
            while not (self._made or self._ended or self._stopped()):
                self._changed.wait(POLL)  # a signal cannot notify: it may hold the lock
            return bool(self._made) and not self._stopped()

    def _run(self) -> None:
        try:
            with closing(self._items):
                for item in self._items:
                    if not self._put(item):
                        break
        except BaseException as error:  # noqa: BLE001 - raised again, in the consumer's thread
            self._error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _put(self, item: T) -> bool:
        """Whether there will be room for another one."""
        with self._changed:
            self._made.append(item)
            self._weight += self._weigh(item)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or self._weight < self._room)
            return not self._closed
