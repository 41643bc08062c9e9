from __future__ import annotations

import sqlite3
import uuid
from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreError
from rag.settings import StoreSettings
from rag.store.address import Address
from rag.store.catalog import Change
from rag.store.catalog_format import CATALOG_NAME
from rag.store.server_catalog import ServerCatalog
from rag.store.server_engine import ServerEngine
from rag.store.sqlite_catalog import SqliteCatalog
from tests.rag.store.rows import document, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rag.store.catalog import Catalog
    from rag.types import DocumentRows


@pytest.fixture(params=["sqlite", "server"])
def reopen(
    request: pytest.FixtureRequest, server: str, tmp_path: Path
) -> Iterator[Callable[[], Catalog]]:
    """What opens one and the same catalog each time."""
    if request.param == "sqlite":
        yield lambda: SqliteCatalog(tmp_path)
        return
    address = Address.parse(f"{server}/d{uuid.uuid4().hex}")
    engine = ServerEngine.open(address, StoreSettings())
    yield lambda: ServerCatalog.open(engine)
    engine.close()


@pytest.fixture
def catalog(reopen: Callable[[], Catalog]) -> Iterator[Catalog]:
    opened = reopen()
    opened.add("u1", spec("one"), "2026-01-01")
    yield opened
    opened.close()


def writes(*documents: DocumentRows) -> list[Change]:
    return [Change.write(document) for document in documents]


def test_collections_come_by_name_with_their_counts(catalog: Catalog) -> None:
    catalog.add("u0", spec("Another"), "2026-01-02")
    catalog.commit(catalog.begin("u1", writes(document("a", "1", "2"), document("b", "3"))))
    assert [(c.spec.name, c.uid, c.documents, c.rows) for c in catalog.collections()] == [
        ("Another", "u0", 0, 0),
        ("one", "u1", 2, 3),
    ]
    assert catalog.collections("one") == [catalog.collections()[1]]
    assert catalog.collections("none") == []


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    catalog = SqliteCatalog(tmp_path)
    catalog.add("u1", spec("one"), "2026-01-01")
    with pytest.raises(StoreError, match="catalog"):
        catalog.add("u2", spec("one"), "2026-01-01")
    catalog.close()


def test_a_document_is_there_only_once_it_is_committed(catalog: Catalog) -> None:
    intents = catalog.begin("u1", writes(document("a", "1", revision="r1")))
    assert catalog.documents("u1") == {}
    assert catalog.intents() == intents
    catalog.commit(intents)
    stored = catalog.documents("u1")["a"]
    assert (stored.revision, stored.source, stored.rows) == ("r1", "a.txt", 1)
    assert catalog.intents() == []


def test_a_forgotten_change_leaves_the_document_as_it_was(catalog: Catalog) -> None:
    catalog.commit(catalog.begin("u1", writes(document("a", "1", revision="r1"))))
    catalog.forget(catalog.begin("u1", writes(document("a", "1", "2", revision="r2"))))
    assert catalog.documents("u1")["a"].revision == "r1"


def test_a_committed_removal_is_final(catalog: Catalog) -> None:
    catalog.commit(catalog.begin("u1", writes(document("a", "1"), document("b", "2"))))
    catalog.commit(catalog.begin("u1", [Change.removal("a")]))
    assert list(catalog.documents("u1")) == ["b"]


def test_each_change_has_a_generation_of_its_own_and_knows_what_it_replaces(
    catalog: Catalog,
) -> None:
    first = catalog.begin("u1", writes(document("a", "1")))
    catalog.commit(first)
    second = catalog.begin("u1", writes(document("a", "1"), document("b", "2")))
    assert [(i.doc_id, i.replaces) for i in first] == [("a", False)]
    assert [(i.doc_id, i.replaces) for i in second] == [("a", True), ("b", False)]
    assert first[0].generation < second[0].generation == second[1].generation
    # What was begun and never ended may have left rows behind.
    (third,) = catalog.begin("u1", writes(document("b", "2")))
    assert third.replaces
    assert catalog.generation() == third.generation > second[0].generation


def test_a_dropped_collection_leaves_nothing(catalog: Catalog) -> None:
    catalog.commit(catalog.begin("u1", writes(document("a", "1"))))
    catalog.begin("u1", writes(document("b", "1")))
    catalog.remove("u1")
    assert catalog.collections() == []
    assert catalog.documents("u1") == {}
    assert catalog.intents() == []


def test_everything_is_there_after_opening_again(
    catalog: Catalog, reopen: Callable[[], Catalog]
) -> None:
    catalog.commit(catalog.begin("u1", writes(document("a", "1"))))
    begun = catalog.begin("u1", writes(document("b", "1")))
    catalog.close()
    again = reopen()
    assert list(again.documents("u1")) == ["a"]
    assert again.intents() == begun
    assert again.generation() == begun[0].generation
    again.close()


def test_a_database_of_another_format_is_refused(tmp_path: Path) -> None:
    SqliteCatalog(tmp_path).close()
    db = sqlite3.connect(tmp_path / CATALOG_NAME)
    db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="another version"):
        SqliteCatalog(tmp_path)


def test_a_file_that_is_no_catalog_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / CATALOG_NAME).write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="catalog of the database failed"):
        SqliteCatalog(tmp_path)


def test_a_row_that_a_repeated_insert_left_twice_counts_once(server: str) -> None:
    engine = ServerEngine.open(Address.parse(f"{server}/d{uuid.uuid4().hex}"), StoreSettings())
    catalog = ServerCatalog.open(engine)
    catalog.add("u1", spec("one"), "2026-01-01")
    intents = catalog.begin("u1", writes(document("a", "1", "2")))
    catalog._intents.insert(list(catalog._intents.rows()))
    assert catalog.intents() == intents
    catalog.commit(intents)
    catalog._documents.insert(list(catalog._documents.rows()))
    (info,) = catalog.collections()
    assert (info.documents, info.rows) == (1, 2)
    engine.close()


def test_a_commit_of_what_another_client_ended_is_refused(server: str) -> None:
    engine = ServerEngine.open(Address.parse(f"{server}/d{uuid.uuid4().hex}"), StoreSettings())
    slow, quick = ServerCatalog.open(engine), ServerCatalog.open(engine)
    intents = slow.begin("u1", writes(document("a", "1")))
    quick.forget(quick.intents())
    with pytest.raises(StoreError, match="TRIDENT_STORE__WRITER_TIMEOUT"):
        slow.commit(intents)
    assert slow.documents("u1") == {}
    engine.close()
