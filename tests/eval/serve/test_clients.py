"""Each client sends one request after the other until the time is over."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

import pytest

from eval.serve import clients
from eval.serve.clients import RequestError, run_load

if TYPE_CHECKING:
    import httpx

    from eval.serve.clients import Send

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "PAUSE_AFTER_ERROR", 0.01)


def test_as_many_requests_are_under_way_as_there_are_clients() -> None:
    running, most = 0, 0

    async def send(_http: httpx.AsyncClient, _number: int) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return "search"

    load = run_load(NOWHERE, [send] * 5, count(), 0.1)
    assert most == 5
    assert load.answered >= 5
    assert load.elapsed >= 0.1


def test_no_request_is_sent_twice() -> None:
    sent: list[int] = []

    async def send(_http: httpx.AsyncClient, number: int) -> str:
        sent.append(number)
        await asyncio.sleep(0)
        return "search"

    run_load(NOWHERE, [send] * 3, count(10), 0.02)
    assert sorted(sent) == list(range(10, 10 + len(sent)))


def test_operations_are_counted_apart_and_errors_by_kind() -> None:
    async def answer(_http: httpx.AsyncClient, _number: int) -> str:
        await asyncio.sleep(0.01)
        return "query"

    async def refuse(_http: httpx.AsyncClient, _number: int) -> str:
        raise RequestError("503 overloaded")

    async def break_off(http: httpx.AsyncClient, _number: int) -> str:
        await http.get("/")
        return "never"

    sends: list[Send] = [answer, refuse, break_off]
    load = run_load(NOWHERE, sends, count(), 0.05)
    assert set(load.seconds) == {"query"}
    assert set(load.errors) == {"503 overloaded", "ConnectError"}
