"""Calls are done in order, one at a time, and none after one that failed."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from indexers.behind import Behind


def test_results_come_with_the_next_call_and_the_last_with_finish() -> None:
    with Behind[int]() as behind:
        assert behind.do(lambda: 1) == []
        assert behind.do(lambda: 2) == [1]
        assert behind.finish() == [2]
        assert behind.finish() == []


def test_the_next_call_waits_until_the_one_before_has_ended() -> None:
    go, begun = threading.Event(), list[int]()

    def first() -> None:
        begun.append(1)
        go.wait(5)

    with Behind[None]() as behind:
        behind.do(first)
        second = threading.Thread(target=behind.do, args=[partial(begun.append, 2)])
        second.start()
        second.join(0.1)
        assert begun == [1]
        go.set()
        second.join(5)
        behind.finish()
    assert begun == [1, 2]


def test_after_a_failure_nothing_more_is_begun() -> None:
    done: list[int] = []
    with Behind[None]() as behind:
        behind.do(partial(done.remove, 1))
        with pytest.raises(ValueError, match="not in list"):
            behind.do(partial(done.append, 2))
    assert done == []


def test_leaving_waits_for_the_call_under_way() -> None:
    done = threading.Event()
    with Behind[object]() as behind:
        behind.do(done.set)
    assert done.is_set()
