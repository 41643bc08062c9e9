"""A crash between the steps of a change, without a crash; `test_kill.py` has real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreError
from rag.store.batches import insert_batches
from rag.store.recovery import recover
from rag.store.schema import table_name
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from rag.store.embedded import EmbeddedStore
    from rag.types import DocumentRows


@pytest.fixture
def named(store: EmbeddedStore, collection_name: str) -> str:
    """A collection with the document `d` in revision "old", in two chunks."""
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "old", "old", revision="old")])
    return collection_name


def begin(store: EmbeddedStore, name: str, document: DocumentRows, rows: int) -> None:
    """Do a write up to its first `rows` rows, then stop."""
    uid = store.describe(name).uid
    (intent,) = store._catalog.begin_write(uid, [document])
    for batch in insert_batches(spec(name), [document], intent.generation):
        if batch[:rows]:
            store._engine.table(table_name(uid)).insert(batch[:rows])


def texts(store: EmbeddedStore, name: str) -> list[str]:
    return sorted(hit.chunk.text for hit in store.search(name, query(top_k=100)))


def test_a_write_whose_rows_are_all_there_is_finished(store: EmbeddedStore, named: str) -> None:
    begin(store, named, document("d", "new", "new", "new", revision="new"), rows=3)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["new", "new", "new"]
    assert store.documents(named)["d"].revision == "new"


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_write_that_lacks_rows_is_undone(store: EmbeddedStore, named: str, rows: int) -> None:
    begin(store, named, document("d", "new", "new", "new", revision="new"), rows)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["old", "old"]
    assert store.documents(named)["d"].revision == "old"


def test_half_of_a_new_document_is_forgotten(store: EmbeddedStore, named: str) -> None:
    begin(store, named, document("e", "new", "new"), rows=1)
    recover(store._engine, store._catalog)
    assert texts(store, named) == ["old", "old"]
    assert list(store.documents(named)) == ["d"]


def test_a_deletion_that_began_is_finished(store: EmbeddedStore, named: str) -> None:
    store._catalog.begin_removal(store.describe(named).uid, ["d"])
    recover(store._engine, store._catalog)
    assert texts(store, named) == []
    assert store.documents(named) == {}


def test_a_new_write_takes_the_place_of_an_unfinished_one(store: EmbeddedStore, named: str) -> None:
    begin(store, named, document("d", "half", "half"), rows=1)
    store.write(named, [document("d", "new", revision="new")])
    assert texts(store, named) == ["new"]
    assert store._catalog.intents() == []


def test_a_table_without_a_collection_is_dropped(store: EmbeddedStore, named: str) -> None:
    store._engine.database.create_table("collection_orphan", {"n": {"type": "int64"}})
    recover(store._engine, store._catalog)
    tables = store._engine.database.list_tables().table_names
    assert "collection_orphan" not in tables
    assert table_name(store.describe(named).uid) in tables


def test_a_write_that_the_engine_refuses_is_undone_at_once(
    store: EmbeddedStore, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infinity_embedded.common import InfinityException
    from infinity_embedded.local_infinity.table import LocalTable

    monkeypatch.setattr("rag.store.batches.MAX_ROWS", 1)
    insert, calls = LocalTable.insert, []

    def insert_once(table: LocalTable, rows: list[object]) -> object:
        if calls:
            raise InfinityException(5001, "Disk is full")
        calls.append(rows)
        return insert(table, rows)

    monkeypatch.setattr(LocalTable, "insert", insert_once)
    with pytest.raises(StoreError, match="failed to insert rows: Disk is full"):
        store.write(named, [document("d", "new", "new", revision="new")])
    assert texts(store, named) == ["old", "old"]
    assert store._catalog.intents() == []
