"""More clients than the server can serve, over a real socket."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.app import create_app
from rag.service import Rag
from rag.settings import ServerSettings, Settings
from tests.api.live import served_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.state import State
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore
    from rag.types import SearchResult


class Busy:
    """A server with one worker and one place in the queue, whose searches wait for `go`."""

    def __init__(self, store: EmbeddedStore, encoder: Encoder, corpus: str):
        server = ServerSettings(workers=1, queue=1, answer_cache_entries=0)
        self.ran: list[str] = []
        self.go = threading.Event()
        self.rag = Rag(Settings(server=server, collection=corpus), store, encoder)
        self._search = self.rag.search
        self.rag.search = self._blocking  # type: ignore[method-assign]
        self.app = create_app(rag=self.rag)
        self.url = ""

    @property
    def state(self) -> State:
        state: State = self.app.state.trident
        return state

    def ask(self, question: str) -> httpx.Response:
        return httpx.post(f"{self.url}/v1/search", json={"question": question}, timeout=60)

    def _blocking(self, question: str, **options: Any) -> SearchResult:
        self.ran.append(question)
        assert self.go.wait(60)
        return self._search(question, **options)


@pytest.fixture
def busy(store: EmbeddedStore, encoder: Encoder, corpus: str) -> Iterator[Busy]:
    busy = Busy(store, encoder, corpus)
    with served_app(busy.app) as busy.url:
        yield busy
        busy.go.set()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connected(url: str, question: str) -> socket.socket:
    """A client that has sent its question and reads nothing."""
    address = urlsplit(url)
    client = socket.create_connection((address.hostname, address.port))
    body = json.dumps({"question": question}).encode()
    head = f"POST /v1/search HTTP/1.1\r\nHost: {address.netloc}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    client.sendall(head.encode() + body)
    return client


def test_a_client_that_leaves_the_queue_is_never_worked_for(busy: Busy) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(busy.ask, "first")
        until(lambda: busy.ran == ["first"])
        waiting = connected(busy.url, "second")
        until(lambda: busy.state.work.waiting == 1)
        waiting.close()
        until(lambda: busy.state.work.waiting == 0)
        third = pool.submit(busy.ask, "third")
        until(lambda: busy.state.work.waiting == 1)
        busy.go.set()
        assert first.result().status_code == third.result().status_code == 200
    assert busy.ran == ["first", "third"]


def test_a_client_that_leaves_while_it_is_served_frees_its_place(busy: Busy) -> None:
    with ThreadPoolExecutor(1) as pool:
        leaving = connected(busy.url, "first")
        until(lambda: busy.ran == ["first"])
        leaving.close()
        second = pool.submit(busy.ask, "second")
        until(lambda: busy.state.work.waiting == 1)
        busy.go.set()
        assert second.result().status_code == 200


def test_a_full_queue_is_answered_at_once_and_the_rest_is_served(busy: Busy) -> None:
    with ThreadPoolExecutor(16) as pool:
        served = [pool.submit(busy.ask, "first"), pool.submit(busy.ask, "second")]
        until(lambda: busy.state.work.waiting == 1)
        refused = list(pool.map(busy.ask, [f"question {number}" for number in range(14)]))
        busy.go.set()
        assert [one.result().status_code for one in served] == [200, 200]
    assert Counter(response.status_code for response in refused) == {503: 14}
    assert {response.json()["code"] for response in refused} == {"overloaded"}
    assert all(int(response.headers["Retry-After"]) >= 1 for response in refused)
    assert busy.ask("later").status_code == 200


def test_readiness_is_told_however_long_the_queue_is(busy: Busy) -> None:
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(busy.ask, "first"), pool.submit(busy.ask, "second")]
        until(lambda: busy.state.work.waiting == 1)
        assert httpx.get(f"{busy.url}/readyz").status_code == 200
        busy.go.set()
        assert [one.result().status_code for one in waiting] == [200, 200]


def test_what_runs_when_the_server_stops_is_answered_and_what_is_new_is_refused(
    busy: Busy,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(busy.ask, "first")
        until(lambda: busy.ran == ["first"])
        busy.state.leave()
        refused = busy.ask("second")
        assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
        assert httpx.get(f"{busy.url}/readyz").json()["code"] == "stopping"
        busy.go.set()
        assert running.result().status_code == 200
    assert busy.ran == ["first"]
