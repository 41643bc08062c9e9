"""A crash between the steps of a change, without a crash; `test_kill.py` has real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rag.errors import StoreError
from rag.store.batches import insert_batches, inserted
from rag.store.catalog import Change
from rag.store.recovery import drop, recover
from rag.store.schema import table_name
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.store.engine_store import EngineStore
    from rag.types import DocumentRows


@pytest.fixture
def named(store: EngineStore, collection_name: str) -> str:
    """A collection with the document `d` in revision "old", in two chunks."""
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "old", "old", revision="old")])
    return collection_name


def begin(store: EngineStore, name: str, document: DocumentRows, rows: int) -> None:
    """Do a write up to its first `rows` rows, then stop."""
    uid = store.describe(name).uid
    (intent,) = store._catalog.begin(uid, [Change.write(document)])
    for batch in insert_batches(spec(name), [document], intent.generation):
        if batch[:rows]:
            store._engine.call("insert", inserted(table_name(uid), batch[:rows]))


def texts(store: EngineStore, name: str) -> list[str]:
    return sorted(hit.chunk.text for hit in store.search(name, query(top_k=100)))


def test_a_write_whose_rows_are_all_there_is_finished(store: EngineStore, named: str) -> None:
    begin(store, named, document("d", "new", "new", "new", revision="new"), rows=3)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["new", "new", "new"]
    assert store.documents(named)["d"].revision == "new"


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_write_that_lacks_rows_is_undone(store: EngineStore, named: str, rows: int) -> None:
    begin(store, named, document("d", "new", "new", "new", revision="new"), rows)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["old", "old"]
    assert store.documents(named)["d"].revision == "old"


def test_half_of_a_new_document_is_forgotten(store: EngineStore, named: str) -> None:
    begin(store, named, document("e", "new", "new"), rows=1)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["old", "old"]
    assert list(store.documents(named)) == ["d"]


def test_a_deletion_that_began_is_finished(store: EngineStore, named: str) -> None:
    store._catalog.begin(store.describe(named).uid, [Change.removal("d")])
    recover(store._engine, store._catalog)
    assert texts(store, named) == []
    assert store.documents(named) == {}


def test_a_new_write_takes_the_place_of_an_unfinished_one(store: EngineStore, named: str) -> None:
    begin(store, named, document("d", "half", "half"), rows=1)
    store.write(named, [document("d", "new", revision="new")])
    assert texts(store, named) == ["new"]
    assert store._catalog.intents() == []


def made(database: Any, name: str, columns: dict[str, dict[str, str]]) -> None:
    database.create_table(name, columns)


def test_a_table_without_a_collection_is_dropped(store: EngineStore, named: str) -> None:
    columns = {"n": {"type": "int64"}}
    store._engine.call("make it", lambda database: made(database, "collection_orphan", columns))
    store._engine.call("make it", lambda database: made(database, "not_ours", columns))
    recover(store._engine, store._catalog)
    tables = store._engine.call("list", lambda database: database.list_tables().table_names)
    assert "collection_orphan" not in tables
    assert "not_ours" in tables
    drop(store._engine, "not_ours")
    assert table_name(store.describe(named).uid) in tables


def test_a_write_that_the_engine_refuses_is_undone_at_once(
    store: EngineStore, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.batches.MAX_ROWS", 1)
    calls: list[str] = []

    def inserted_once(table: str, rows: list[dict[str, Any]]) -> Callable[[Any], None]:
        calls.append(table)
        return refused if len(calls) == 2 else inserted(table, rows)

    def refused(database: Any) -> None:
        raise store._engine.sdk.error(5001, "Disk is full")

    monkeypatch.setattr("rag.store.engine_store.inserted", inserted_once)
    with pytest.raises(StoreError, match="failed to insert rows: Disk is full"):
        store.write(named, [document("d", "new", "new", revision="new")])
    assert texts(store, named) == ["old", "old"]
    assert store._catalog.intents() == []
