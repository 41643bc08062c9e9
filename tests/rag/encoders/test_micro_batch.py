"""Calls from many threads, done in as few batches as the load allows."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rag.encoders.micro_batch import MicroBatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Doubling:
    """Doubles numbers, and notes its batches; the first batch waits for `go`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.began.set()
        assert self.go.wait(10)
        if -1 in numbers:
            raise ValueError("not this one")
        return [2 * number for number in numbers]


@contextmanager
def queued(run: Doubling, numbers: Sequence[int], largest: int) -> Iterator[list[Future[int]]]:
    """Calls for all numbers, of which the first is being run and the others wait for it."""
    call = MicroBatch(run, largest)
    with ThreadPoolExecutor(len(numbers)) as pool:
        first = pool.submit(call, numbers[0])
        assert run.began.wait(10)
        others = [pool.submit(call, number) for number in numbers[1:]]
        until(lambda: len(call._queue) == len(others))
        run.go.set()
        yield [first, *others]


def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_came_while_a_batch_ran_is_the_next_one() -> None:
    run = Doubling()
    with queued(run, range(8), largest=32) as calls:
        assert [call.result(10) for call in calls] == [0, 2, 4, 6, 8, 10, 12, 14]
    assert run.batches[0] == [0]
    assert sorted(run.batches[1]) == [1, 2, 3, 4, 5, 6, 7]
    assert len(run.batches) == 2


def test_a_batch_has_a_limit() -> None:
    run = Doubling()
    with queued(run, range(8), largest=3) as calls:
        wait(calls, 10)
    assert [len(batch) for batch in run.batches] == [1, 3, 3, 1]


def test_the_error_of_one_is_not_that_of_the_others() -> None:
    run = Doubling()
    with queued(run, [0, 1, -1, 3], largest=32) as calls:
        assert [call.result(10) for call in (calls[0], calls[1], calls[3])] == [0, 2, 6]
        with pytest.raises(ValueError, match="not this one"):
            calls[2].result(10)


def test_a_call_that_is_alone_does_not_wait_for_others() -> None:
    run = Doubling()
    run.go.set()
    call = MicroBatch(run, 32)
    assert [call(1), call(2)] == [2, 4]
    assert run.batches == [[1], [2]]


def test_under_load_each_gets_its_own_result() -> None:
    run = Doubling()
    run.go.set()
    call = MicroBatch(run, 5)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(call, range(500))) == [2 * number for number in range(500)]
