"""Several clients of one server."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from rag.errors import SettingsError, StoreUnreachableError
from rag.settings import StoreSettings, load_settings
from rag.store import engine_store, server_engine
from rag.store.address import Address
from rag.store.batches import inserted
from rag.store.open import open_store
from rag.store.remote import RemoteStore
from rag.store.writer_lock import LOCK
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def settings(server: str, tmp_path: Path) -> StoreSettings:
    """Those of a database that no other test uses."""
    return StoreSettings(uri=f"{server}/d{uuid.uuid4().hex}", path=tmp_path, writer_timeout=0.05)


@pytest.fixture
def client(settings: StoreSettings) -> Iterator[RemoteStore]:
    opened = RemoteStore.open(settings)
    yield opened
    opened.close()


@pytest.fixture
def other(settings: StoreSettings) -> Iterator[RemoteStore]:
    opened = RemoteStore.open(settings)
    yield opened
    opened.close()


def texts(store: RemoteStore) -> list[str]:
    return sorted(hit.chunk.text for hit in store.search("c", query(top_k=100)))


def test_what_one_client_writes_the_other_sees(client: RemoteStore, other: RemoteStore) -> None:
    client.create_collection(spec("c"))
    client.write("c", [document("d", "old")])
    other.write("c", [document("d", "new", revision="2"), document("e", "more")])
    assert texts(client) == texts(other) == ["more", "new"]
    assert client.describe("c") == other.describe("c")
    other.drop_collection("c")
    assert client.collections() == []


def test_a_dead_writers_half_is_undone_by_the_next(
    client: RemoteStore, other: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_collection(spec("c"))
    client.write("c", [document("d", "old")])

    def die(*_: object) -> Callable[[Any], None]:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(engine_store, "inserted", die)
        # A dead process undoes nothing and gives nothing back.
        patch.setattr(engine_store, "undo", lambda *_: None)
        patch.setattr(client._writing, "_leave", lambda: None)
        with pytest.raises(SystemExit):
            client.write("c", [document("d", "half")])
    other.write("c", [document("e", "more")])
    assert texts(other) == ["more", "old"]
    assert other._catalog.intents() == []


def test_the_lock_is_given_back_after_each_change(client: RemoteStore) -> None:
    client.create_collection(spec("c"))
    tables = client._engine.call("list", lambda database: database.list_tables().table_names)
    assert LOCK not in tables


def test_a_write_whose_connection_breaks_is_done_whole_and_once(
    client: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_collection(spec("c"))
    client.write("c", [document("d", "old")])
    breaks = [True]

    def insert_and_lose_the_answer(table: str, rows: list[Any]) -> Callable[[Any], None]:
        def insert(database: Any) -> None:
            inserted(table, rows)(database)
            if breaks.pop() if breaks else False:
                database._conn.close()
                database.get_table(table)

        return insert

    monkeypatch.setattr(engine_store, "inserted", insert_and_lose_the_answer)
    client.write("c", [document("d", "new", "newer", revision="2")])
    assert breaks == []
    assert texts(client) == ["new", "newer"]
    assert client.documents("c")["d"].rows == client.describe("c").rows == 2


def test_small_state_is_kept_apart_by_server_and_database(
    client: RemoteStore, settings: StoreSettings
) -> None:
    address = Address.parse(settings.uri or "")
    assert client.state_dir == settings.path / "servers" / address.slug
    assert client.state_dir.is_dir()


def test_the_settings_choose_the_store(client: RemoteStore, settings: StoreSettings) -> None:
    opened = open_store(settings)
    assert isinstance(opened, RemoteStore)
    opened.close()


def test_a_server_out_of_reach_fails_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_engine, "LONGEST_PAUSE", 0.001)
    with pytest.raises(StoreUnreachableError, match="No Infinity server answers at 127"):
        open_store(StoreSettings(uri="infinity://127.0.0.1:1", path=tmp_path))


@pytest.mark.parametrize(
    ("uri", "host", "port", "database"),
    [
        ("infinity://db.example", "db.example", 23817, "trident"),
        ("infinity://127.0.0.1:9", "127.0.0.1", 9, "trident"),
        ("infinity://[::1]:9/mine", "::1", 9, "mine"),
    ],
)
def test_an_address_is_host_port_and_database(
    uri: str, host: str, port: int, database: str
) -> None:
    assert Address.parse(StoreSettings(uri=uri).uri or "") == Address(host, port, database)


@pytest.mark.parametrize(
    "uri", ["db.example:23817", "http://db", "infinity://", "infinity://a/b/c", "infinity://a/b;c"]
)
def test_what_is_no_address_is_refused_with_the_way_to_write_one(uri: str) -> None:
    with pytest.raises(SettingsError, match="write infinity://host:port"):
        load_settings({"store": {"uri": uri}})
