"""Drafts, reading rows back, and putting one collection in the place of another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.errors import CollectionExistsError, CollectionNotFoundError, StoreError
from rag.store.drafts import forget_drafts
from tests.rag.store.rows import document, query, row, spec

if TYPE_CHECKING:
    from rag.store.embedded import EmbeddedStore
    from rag.store.engine_store import EngineStore
    from rag.store.remote import RemoteStore


def names(store: EngineStore) -> list[str]:
    return [info.spec.name for info in store.collections()]


def test_what_is_read_back_is_what_was_written(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    written = [document("a", "x", "y"), document("b", "z")]
    store.write(collection_name, written)
    read = list(store.scan(collection_name, list(store.documents(collection_name).values())))
    assert [(one.doc_id, one.revision, one.source) for one in read] == [
        (one.doc_id, one.revision, one.source) for one in written
    ]
    for there, here in zip(written, read, strict=True):
        for old, new in zip(there.rows, here.rows, strict=True):
            assert new.chunk == old.chunk
            np.testing.assert_array_equal(new.encoding.dense, old.encoding.dense)
            np.testing.assert_array_equal(new.encoding.tokens, old.encoding.tokens)
            np.testing.assert_array_equal(new.encoding.sparse.indices, old.encoding.sparse.indices)
            np.testing.assert_array_equal(new.encoding.sparse.values, old.encoding.sparse.values)


def test_a_draft_is_not_listed_until_it_is_published(
    store: EngineStore, collection_name: str
) -> None:
    draft = store.create_draft(spec(collection_name))
    store.write(draft, [document("a", "x")])
    assert draft not in names(store)
    with pytest.raises(CollectionNotFoundError):
        store.describe(collection_name)
    store.publish(draft, collection_name)
    assert collection_name in names(store)
    assert store.spec(collection_name).name == collection_name
    assert store.chunks(collection_name, "a") == [row("a", 0, "x").chunk]
    with pytest.raises(CollectionNotFoundError):
        store.describe(draft)


def test_a_draft_takes_the_place_of_a_collection(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("old", "x")])
    draft = store.create_draft(spec(collection_name))
    store.write(draft, [document("new", "y")])
    with pytest.raises(CollectionExistsError):
        store.publish(draft, collection_name)
    store.publish(draft, collection_name, store.documents(collection_name))
    assert names(store).count(collection_name) == 1
    assert set(store.documents(collection_name)) == {"new"}
    store.wait_until_searchable(collection_name, 30)
    assert [hit.chunk.doc_id for hit in store.search(collection_name, query("y"))] == ["new"]
    store.write(collection_name, [document("more", "z")])
    assert set(store.documents(collection_name)) == {"new", "more"}


def test_a_collection_that_has_changed_stays(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    listed = store.documents(collection_name)
    store.write(collection_name, [document("a", "x")])
    draft = store.create_draft(spec(collection_name))
    with pytest.raises(StoreError, match="changed meanwhile"):
        store.publish(draft, collection_name, listed)
    assert set(store.documents(collection_name)) == {"a"}
    store.drop_collection(draft)


def test_a_document_that_changed_since_it_was_listed_is_not_read(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", "x", "y")])
    listed = list(store.documents(collection_name).values())
    store.write(collection_name, [document("a", "x")])
    with pytest.raises(StoreError, match="changed while it was read"):
        list(store.scan(collection_name, listed))


def test_only_drafts_that_are_old_enough_are_forgotten(
    store: EngineStore, collection_name: str
) -> None:
    draft = store.create_draft(spec(collection_name))
    forget_drafts(store._catalog, timedelta(days=1))
    assert store.describe(draft).rows == 0
    store.drop_collection(draft)


def test_rows_that_were_deleted_are_counted(
    embedded_store: EmbeddedStore, collection_name: str
) -> None:
    store = embedded_store
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document(f"d{i}", "x", "y") for i in range(5)])
    assert store.dead_rows(collection_name) == 0
    store.delete(collection_name, ["d0", "d1"])
    assert store.dead_rows(collection_name) == 4


def test_a_server_tells_of_none(remote_store: RemoteStore, collection_name: str) -> None:
    remote_store.create_collection(spec(collection_name))
    assert remote_store.dead_rows(collection_name) == 0
