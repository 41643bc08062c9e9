"""A collection's version: another one after each change, whoever makes it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from rag.errors import CollectionNotFoundError
from rag.settings import StoreSettings
from rag.store.catalog import Change
from rag.store.recovery import recover
from rag.store.remote import RemoteStore
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.store.engine_store import EngineStore

CHANGES: dict[str, Callable[[EngineStore, str], object]] = {
    "a new document": lambda store, name: store.write(name, [document("b", "y")]),
    "a document replaced": lambda store, name: store.write(name, [document("a", "z")]),
    "the same document again": lambda store, name: store.write(name, [document("a", "x")]),
    "a deletion": lambda store, name: store.delete(name, ["a"]),
    "a full-text index that caught up": lambda store, name: store.wait_until_searchable(name, 10),
    "a merge": lambda store, name: store.merge_indexes(name, always=True),
    "an index dropped": lambda store, name: store.drop_tensor_index(name),
}


@pytest.fixture
def filled(store: EngineStore, collection_name: str) -> str:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", "x")])
    return collection_name


def test_it_stays_as_long_as_nothing_changes(store: EngineStore, filled: str) -> None:
    before = store.version(filled)
    store.search(filled, query())
    store.chunks(filled, "a")
    store.delete(filled, ["nowhere"])
    assert store.version(filled) == before


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_another_one_after(
    change: str, embedded_store: EngineStore, collection_name: str
) -> None:
    embedded_store.create_collection(spec(collection_name))
    embedded_store.write(collection_name, [document("a", "x")])
    before = embedded_store.version(collection_name)
    CHANGES[change](embedded_store, collection_name)
    assert embedded_store.version(collection_name) != before


def test_it_never_comes_back(store: EngineStore, filled: str) -> None:
    seen = [store.version(filled)]
    for _ in range(3):
        store.write(filled, [document("b", "y")])
        seen.append(store.version(filled))
        store.delete(filled, ["b"])
        seen.append(store.version(filled))
    assert len(set(seen)) == len(seen)


def test_a_collection_of_the_same_name_has_another_one(store: EngineStore, filled: str) -> None:
    before = store.version(filled)
    store.drop_collection(filled)
    with pytest.raises(CollectionNotFoundError):
        store.version(filled)
    store.create_collection(spec(filled))
    assert store.version(filled) != before


def test_the_change_of_one_collection_is_not_that_of_another(
    store: EngineStore, filled: str, collection_name: str
) -> None:
    other = f"{collection_name}other"
    store.create_collection(spec(other))
    before = store.version(filled)
    store.write(other, [document("a", "x")])
    assert store.version(filled) == before


def test_what_one_client_changes_the_other_sees(server: str, tmp_path: Path) -> None:
    settings = StoreSettings(uri=f"{server}/d{uuid.uuid4().hex}", path=tmp_path)
    one, other = RemoteStore.open(settings), RemoteStore.open(settings)
    one.create_collection(spec("c"))
    seen = [other.version("c")]
    for change in (
        lambda: one.write("c", [document("a", "x")]),
        lambda: one.wait_until_searchable("c", 10),
        lambda: other.write("c", [document("a", "y")]),
        lambda: one.delete("c", ["a"]),
    ):
        change()
        assert one.version("c") == other.version("c")
        seen.append(other.version("c"))
    assert len(set(seen)) == len(seen)
    one.close()
    other.close()


def test_ending_what_a_dead_writer_left_is_a_change(store: EngineStore, filled: str) -> None:
    uid = store.describe(filled).uid
    (intent,) = store._catalog.begin(uid, [Change.removal("a")])
    before = store.version(filled)
    recover(store._engine, store._catalog)
    assert store.version(filled) != before
    assert intent not in store._catalog.intents()
