"""The chunks before and after others in their documents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.store.sql import one_of
from rag.types import Layout, Unit
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from rag.store.base import Store
    from rag.types import Chunk

TEXTS = ("zero", "one", "two", "three", "four", "five", "six")


@pytest.fixture(params=list(Unit))
def filled(request: pytest.FixtureRequest, store: Store, collection_name: str) -> str:
    """Two documents of seven chunks each, as rows of chunks and as rows of documents."""
    made = replace(spec(collection_name), layout=Layout(unit=request.param))
    store.create_collection(made)
    store.write(collection_name, [document(doc_id, *TEXTS) for doc_id in ("a", "b'")])
    return collection_name


def texts(run: list[Chunk]) -> list[str]:
    return [chunk.text for chunk in run]


def test_each_run_is_in_order_and_has_its_chunk_in_it(store: Store, filled: str) -> None:
    a, b = store.chunks(filled, "a"), store.chunks(filled, "b'")
    runs = store.neighbours(filled, [a[3], b[5], a[1]], 1)
    assert [texts(run) for run in runs] == [
        ["two", "three", "four"],
        ["four", "five", "six"],
        ["zero", "one", "two"],
    ]
    assert {chunk.doc_id for chunk in runs[1]} == {"b'"}


def test_a_document_begins_and_ends(store: Store, filled: str) -> None:
    chunks = store.chunks(filled, "a")
    first, last = store.neighbours(filled, [chunks[0], chunks[-1]], 2)
    assert texts(first) == ["zero", "one", "two"]
    assert texts(last) == ["four", "five", "six"]


def test_of_no_chunks_there_are_no_runs(store: Store, filled: str) -> None:
    assert store.neighbours(filled, [], 3) == []


def test_reach_0_is_the_chunk_alone(store: Store, filled: str) -> None:
    chunks = store.chunks(filled, "a")
    assert store.neighbours(filled, chunks[2:4], 0) == [[chunks[2]], [chunks[3]]]


def test_a_chunk_of_a_revision_that_is_gone_has_no_neighbours(store: Store, filled: str) -> None:
    old = store.chunks(filled, "a")[3]
    store.write(filled, [document("a", *(text.upper() for text in TEXTS), revision="2")])
    assert store.neighbours(filled, [old], 1) == [[old]]
    store.delete(filled, ["a"])
    assert store.neighbours(filled, [old], 1) == [[old]]


def test_what_a_search_found_has_its_neighbours(store: Store, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", *TEXTS)])
    store.wait_until_searchable(collection_name, 30)
    chunks = [hit.chunk for hit in store.search(collection_name, query("three"))]
    runs = store.neighbours(collection_name, chunks, 1)
    assert all(chunk in run for chunk, run in zip(chunks, runs, strict=True))


def test_an_empty_list_of_values_never_reaches_the_engine() -> None:
    with pytest.raises(ValueError, match="empty"):
        one_of("position", [])
