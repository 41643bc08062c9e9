"""What is done again when a connection breaks, and what is not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from rag.errors import StoreError, StoreUnreachableError
from rag.settings import StoreSettings
from rag.store import server_engine
from rag.store.address import Address
from rag.store.engine import read
from rag.store.server_engine import ServerEngine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def engine(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerEngine]:
    monkeypatch.setattr(server_engine, "FIRST_PAUSE", 0.001)
    opened = ServerEngine.open(Address.parse(server), StoreSettings(connections=2, timeout=5))
    yield opened
    opened.close()


def hang_up(database: Any) -> None:
    """Close the socket under the SDK, as a server that goes away would."""
    database._conn.close()


def tables(database: Any) -> list[str]:
    return list(database.list_tables().table_names)


def test_a_read_is_done_again_over_a_new_connection(engine: ServerEngine) -> None:
    tries: list[Any] = []

    def look(database: Any) -> list[str]:
        tries.append(database._conn)
        if len(tries) == 1:
            hang_up(database)
        return tables(database)

    assert read(engine, "list tables", look) == engine.call("list tables", tables)
    assert len(tries) == 2
    assert tries[0] is not tries[1]


def test_a_single_call_is_never_sent_twice(engine: ServerEngine) -> None:
    tries: list[Any] = []

    def insert(database: Any) -> None:
        tries.append(database)
        hang_up(database)
        tables(database)

    with pytest.raises(StoreUnreachableError, match="broke during an attempt to insert rows"):
        engine.call("insert rows", insert)
    assert len(tries) == 1


def test_repeating_ends(engine: ServerEngine) -> None:
    tries: list[Any] = []

    def never(database: Any) -> None:
        tries.append(database)
        hang_up(database)
        tables(database)

    with pytest.raises(StoreUnreachableError):
        read(engine, "look", never)
    assert len(tries) == StoreSettings().attempts


def test_what_the_engine_refuses_is_not_tried_again(engine: ServerEngine) -> None:
    tries: list[Any] = []

    def wrong(database: Any) -> None:
        tries.append(database)
        database.get_table("nope")

    with pytest.raises(StoreError, match="failed to look: Table nope doesn't exist"):
        read(engine, "look", wrong)
    assert len(tries) == 1


def test_a_connection_is_kept_after_an_error_of_the_engine_and_closed_after_an_interrupt(
    engine: ServerEngine,
) -> None:
    used: list[Any] = []

    def use(database: Any) -> None:
        used.append(database._conn)
        if len(used) == 1:
            database.get_table("nope")
        if len(used) == 2:
            raise KeyboardInterrupt

    with pytest.raises(StoreError):
        engine.call("look", use)
    with pytest.raises(KeyboardInterrupt):
        engine.call("look", use)
    engine.call("look", use)
    assert used[0] is used[1]
    assert used[1] is not used[2]


def test_threads_share_no_connection_and_wait_for_a_free_one(engine: ServerEngine) -> None:
    inside = threading.Semaphore(0)
    go = threading.Event()
    seen: list[Any] = []

    def hold(database: Any) -> None:
        seen.append(database._conn)
        inside.release()
        assert go.wait(10)

    threads = [threading.Thread(target=engine.call, args=("hold", hold)) for _ in range(3)]
    for thread in threads:
        thread.start()
    inside.acquire()
    inside.acquire()
    assert len(set(map(id, seen))) == len(seen) == 2
    go.set()
    for thread in threads:
        thread.join()
    assert len(seen) == 3
    assert seen[2] in seen[:2]


def test_a_closed_engine_says_so(server: str) -> None:
    engine = ServerEngine.open(Address.parse(server), StoreSettings())
    engine.close()
    engine.close()
    with pytest.raises(StoreError, match="is closed; open it again"):
        engine.call("look", tables)
