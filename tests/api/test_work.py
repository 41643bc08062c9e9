"""Blocking work in bounded threads behind a bounded queue."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from contextvars import ContextVar
from typing import TYPE_CHECKING

import anyio
import pytest

from api.refusals import OverloadedError, StoppingError
from api.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Blocking:
    """Calls that note that they ran and wait until they may go on."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.go = threading.Event()

    def __call__(self, name: str) -> str:
        self.ran.append(name)
        assert self.go.wait(10)
        return name


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not condition():
            await anyio.sleep(0.005)


async def test_no_more_calls_run_at_once_than_there_are_workers() -> None:
    work, call = Work(2, 10), Blocking()
    async with anyio.create_task_group() as tasks:
        for name in "abcde":
            tasks.start_soon(work.run, call, name)
        await until(lambda: (work.waiting, work.busy, len(call.ran)) == (3, 2, 2))
        call.go.set()
    assert sorted(call.ran) == list("abcde")
    assert (work.busy, work.waiting) == (0, 0)


async def test_a_full_queue_refuses_at_once_and_takes_more_when_there_is_room() -> None:
    work, call = Work(1, 1), Blocking()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work.run, call, "a")
        tasks.start_soon(work.run, call, "b")
        await until(lambda: work.waiting == 1)
        with pytest.raises(OverloadedError):
            await work.run(call, "c")
        call.go.set()
    assert await work.run(call, "d") == "d"


async def test_a_caller_that_leaves_while_it_waits_is_never_served() -> None:
    work, call = Work(1, 5), Blocking()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work.run, call, "a")
        await until(lambda: work.busy == 1)
        with anyio.move_on_after(0.05):
            await work.run(call, "b")
        call.go.set()
    assert call.ran == ["a"]
    assert work.waiting == 0


async def test_threads_see_the_context_of_their_caller() -> None:
    variable: ContextVar[str] = ContextVar("variable")
    variable.set("mine")
    assert await Work(1, 1).run(variable.get) == "mine"


async def test_a_stream_whose_reader_leaves_is_closed() -> None:
    closed = threading.Event()

    def numbers() -> Generator[int]:
        try:
            yield from range(1000)
        finally:
            closed.set()

    async with aclosing(Work(1, 1).stream(numbers)) as stream:
        assert [await anext(stream), await anext(stream)] == [0, 1]
    assert closed.is_set()


async def test_what_stops_begins_nothing_and_lets_what_runs_end() -> None:
    work, call = Work(1, 5), Blocking()
    ended: list[str] = []

    async def run() -> None:
        ended.append(await work.run(call, "a"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await until(lambda: work.busy == 1)
        work.stop(grace=10)
        with pytest.raises(StoppingError):
            await work.run(call, "b")
        assert not await work.idle(0.05)
        call.go.set()
    assert await work.idle(10)
    assert ended == call.ran == ["a"]


async def test_a_stream_that_outlasts_the_time_of_grace_is_told() -> None:
    work = Work(1, 1)
    async with aclosing(work.stream(lambda: (n for n in range(1000)))) as stream:
        assert await anext(stream) == 0
        work.stop(grace=0)
        with pytest.raises(StoppingError):
            await anext(stream)


async def test_a_call_that_was_cut_off_by_force_still_counts_as_running() -> None:
    work, call = Work(1, 1), Blocking()
    task = asyncio.ensure_future(work.run(call, "a"))
    await until(lambda: work.busy == 1)
    task.cancel()
    await asyncio.wait([task])
    assert work.busy == 1
    call.go.set()
    assert await work.idle(10)
