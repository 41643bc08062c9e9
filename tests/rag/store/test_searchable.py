from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreError
from rag.store import searchable
from rag.store.schema import table_name
from rag.store.searchable import wait_for_fulltext
from tests.rag.store.rows import document, spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.store.engine import Engine
    from rag.store.engine_store import EngineStore


@pytest.fixture
def lagging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The index finds no row yet."""
    with monkeypatch.context() as patch:
        patch.setattr(searchable, "_indexed", lambda *_: 0)
        yield


@pytest.mark.usefixtures("lagging")
def test_the_wait_ends_with_a_sentence_when_the_index_does_not_catch_up(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "x", "y")])
    with pytest.raises(StoreError, match="holds 0 of 2 new rows after 0 seconds"):
        store.wait_until_searchable(collection_name, 0)


@pytest.mark.usefixtures("lagging")
def test_only_rows_that_were_not_seen_before_are_waited_for(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "x")])
    table = table_name(store.describe(collection_name).uid)
    wait_for_fulltext(store._engine, table, after=store._catalog.generation(), timeout=0)


def test_rows_that_are_deleted_meanwhile_are_not_waited_for(
    store: EngineStore, collection_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "x"), document("e", "y")])
    indexed = searchable._indexed

    def after_a_deletion(engine: Engine, table: str, where: str, expected: int) -> int:
        store.delete(collection_name, ["e"])
        return indexed(engine, table, where, expected)

    monkeypatch.setattr(searchable, "_indexed", after_a_deletion)
    store.wait_until_searchable(collection_name, 30)
    assert list(store.documents(collection_name)) == ["d"]
