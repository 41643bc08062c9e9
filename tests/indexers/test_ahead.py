"""What is made ahead is bounded, in order, and fails where it is used."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from indexers.ahead import Ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PATIENCE = 5.0


class Numbers:
    """Makes the numbers from 0 and remembers how many it has begun."""

    def __init__(self, count: int = 100, fails_at: int | None = None) -> None:
        self.begun = 0
        self.closed = False
        self._count = count
        self._fails_at = fails_at

    def __call__(self, _unwanted: Callable[[], bool]) -> Generator[int]:
        try:
            for number in range(self._count):
                self.begun += 1
                if number == self._fails_at:
                    raise ValueError(number)
                yield number
        finally:
            self.closed = True


def one(_item: int) -> int:
    return 1


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


def test_items_come_in_order_and_all_of_them() -> None:
    with Ahead(Numbers(), 3, one) as ahead:
        assert list(ahead) == list(range(100))


def test_no_more_is_made_ahead_than_there_is_room_for() -> None:
    numbers = Numbers()
    with Ahead(numbers, 5, one) as ahead:
        until(lambda: numbers.begun >= 5)
        time.sleep(0.05)  # enough for a thousand more
        assert numbers.begun == 5
        assert next(iter(ahead)) == 0
        until(lambda: numbers.begun == 6)
        time.sleep(0.05)
        assert numbers.begun == 6


def test_an_item_heavier_than_the_room_passes_alone() -> None:
    numbers = Numbers()
    with Ahead(numbers, 5, lambda _: 1000) as ahead:
        until(lambda: numbers.begun == 1)
        time.sleep(0.05)
        assert numbers.begun == 1
        assert list(ahead) == list(range(100))


def test_an_error_comes_after_all_that_was_made_before_it() -> None:
    seen: list[int] = []
    with Ahead(Numbers(fails_at=4), 100, one) as ahead, pytest.raises(ValueError, match="4"):
        seen.extend(ahead)
    assert seen == [0, 1, 2, 3]


def test_leaving_early_ends_the_thread_and_closes_what_makes_the_items() -> None:
    numbers = Numbers()
    with Ahead(numbers, 5, one) as ahead:
        assert next(iter(ahead)) == 0
    assert numbers.closed
    assert numbers.begun < 100
    assert "ahead" not in {thread.name for thread in threading.enumerate()}


def test_iteration_ends_when_it_is_told_to_even_while_nothing_comes() -> None:
    stopped, asked = threading.Event(), threading.Event()

    def forever(unwanted: Callable[[], bool]) -> Generator[int]:
        yield 1
        while not unwanted():
            time.sleep(0.005)
        asked.set()

    with Ahead(forever, 5, one, stopped.is_set) as ahead:
        seen = []
        for item in ahead:
            seen.append(item)
            stopped.set()
    assert seen == [1]
    assert asked.is_set()
