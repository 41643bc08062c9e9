"""Collections of every layout on the real engine."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.errors import InputError
from rag.grouping import search_grouped
from rag.settings import SearchSettings
from rag.store import engine_store
from rag.store.sql import one_of
from rag.store.tensors import ROTATION_SEED
from rag.types import DocumentRows, Layout, Leg, Rerank, TensorStorage, Unit
from rerankers.binarize import bit_offset, bit_question, to_bits
from rerankers.maxsim import maxsim_documents
from tests.rag.store.rows import ENCODER, document, encoding, query, row, spec, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.store.base import CollectionSpec
    from rag.store.embedded import EmbeddedStore
    from rag.types import FloatArray

LEGS = (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT)
LAYOUTS = [Layout(unit, storage) for unit, storage in product(Unit, TensorStorage)]
DOCUMENTS = [
    DocumentRows(
        f"d{i}",
        "1",
        "",
        tuple(
            row(f"d{i}", j, "some words", encoding(100 * i + j, tokens=2 + (i + j) % 5))
            for j in range(1 + i % 4)
        ),
    )
    for i in range(25)
]


def laid(name: str, **layout: object) -> CollectionSpec:
    return replace(spec(name), layout=replace(Layout(), **layout))


def expected_maxsim(layout: Layout, question: FloatArray, document: DocumentRows) -> list[float]:
    """MaxSim of each chunk, as the storage keeps it."""
    tokens = [r.encoding.tokens for r in document.rows]
    if layout.tensor_storage is not TensorStorage.BIT:
        return maxsim_documents(question, tokens).tolist()
    asked = bit_question(question, ROTATION_SEED)
    bits = [to_bits(t, ROTATION_SEED) for t in tokens]
    return (maxsim_documents(asked, bits) - bit_offset(asked)).tolist()


@pytest.mark.parametrize(
    "layout", LAYOUTS, ids=lambda layout: "-".join([layout.unit, layout.tensor_storage])
)
def test_the_engine_scores_every_layout_as_numpy_does(
    store: EmbeddedStore, collection_name: str, layout: Layout
) -> None:
    store.create_collection(replace(spec(collection_name), layout=layout))
    store.write(collection_name, DOCUMENTS)
    store.wait_until_searchable(collection_name, 30)
    asked = query(legs=LEGS, candidates=100, top_k=100)
    hits = store.search(collection_name, asked)
    by_chunk = {
        r.chunk.id: (d.doc_id, score)
        for d in DOCUMENTS
        for r, score in zip(d.rows, expected_maxsim(layout, asked.encoding.tokens, d), strict=True)
    }
    if layout.unit is Unit.DOCUMENT:
        best = {d: max(s for doc, s in by_chunk.values() if doc == d) for d, _ in by_chunk.values()}
        found = {hit.chunk.doc_id: hit.score for hit in hits}
    else:
        best = {chunk: score for chunk, (_, score) in by_chunk.items()}
        found = {hit.chunk.id: hit.score for hit in hits}
    tolerance = 4e-3 if layout.tensor_storage is TensorStorage.FLOAT16 else 1e-4
    assert found == pytest.approx(best, abs=tolerance)
    assert [hit.score for hit in hits] == sorted(found.values(), reverse=True)


def test_a_layout_is_remembered(store: EmbeddedStore, collection_name: str) -> None:
    made = laid(
        collection_name, unit=Unit.DOCUMENT, tensor_storage=TensorStorage.BIT, token_pooling=3
    )
    store.create_collection(made)
    assert store.spec(collection_name) == made


@pytest.mark.parametrize("pooling", [0, 5])
def test_a_pooling_factor_outside_its_bounds_is_refused(
    store: EmbeddedStore, collection_name: str, pooling: int
) -> None:
    with pytest.raises(InputError, match="token_pooling"):
        store.create_collection(laid(collection_name, token_pooling=pooling))


def test_bits_need_a_width_of_whole_bytes(store: EmbeddedStore, collection_name: str) -> None:
    narrow = replace(
        laid(collection_name, tensor_storage=TensorStorage.BIT),
        encoder=replace(ENCODER, token_dim=12),
    )
    with pytest.raises(InputError, match="multiple of 8"):
        store.create_collection(narrow)


def test_a_document_is_found_by_a_word_a_term_and_a_vector_of_any_of_its_chunks(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    store.write(
        collection_name, [document(f"d{i}", "common", f"rare{i}", "common") for i in range(30)]
    )
    store.wait_until_searchable(collection_name, 30)
    wanted = row("d7", 1).encoding
    for leg in LEGS:
        asked = query("rare7", encoded=wanted, legs=(leg,), rerank=Rerank.NONE, top_k=1)
        assert [h.chunk.doc_id for h in store.search(collection_name, asked)] == ["d7"], leg


def test_the_dense_leg_finds_the_documents_with_the_closest_chunks(
    store: EmbeddedStore, collection_name: str
) -> None:
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(200, 5, 16)))
    documents = [
        DocumentRows(
            f"d{i}",
            "1",
            "",
            tuple(
                row(f"d{i}", j, encoded=replace(encoding(0), dense=v)) for j, v in enumerate(five)
            ),
        )
        for i, five in enumerate(vectors)
    ]
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    store.write(collection_name, documents)
    recalls = []
    for question in unit(rng.normal(size=(20, 16))):
        best = np.argsort(-(vectors @ question).max(axis=1))[:10]
        asked = query(
            encoded=replace(encoding(0), dense=question), legs=(Leg.DENSE,), rerank=Rerank.NONE
        )
        found = {hit.chunk.doc_id for hit in store.search(collection_name, asked)}
        recalls.append(len(found & {f"d{i}" for i in best}) / 10)
    assert np.mean(recalls) >= 0.95


def test_the_best_passages_of_a_document_are_its_chunks_closest_to_the_question(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    written = document("d", "one", "two", "three", "four")
    store.write(collection_name, [written, document("e", "five")])
    asked = query(encoded=written.rows[2].encoding, legs=(Leg.DENSE,))
    hits = store.search_documents(collection_name, asked, 3)
    closeness = sorted(written.rows, key=lambda r: -float(r.encoding.dense @ asked.encoding.dense))
    by_document = {hit.chunk.doc_id: hit for hit in hits}
    assert by_document["d"].chunk == written.rows[2].chunk
    assert by_document["d"].inside == tuple(r.chunk for r in closeness[1:3])
    assert by_document["d"].row_id == "d#0"
    assert by_document["e"].inside == ()


def test_a_replaced_document_has_only_its_new_passages(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    store.write(collection_name, [document("d", "old one", "old two")])
    store.write(collection_name, [document("d", "new", revision="2")])
    store.wait_until_searchable(collection_name, 30)
    asked = query("old new")
    (hit,) = store.search_documents(collection_name, asked, 5)
    assert (hit.chunk.text, hit.inside) == ("new", ())
    assert store.describe(collection_name).rows == 1


def test_a_document_that_is_replaced_during_a_search_is_shown_whole_in_one_form(
    store: EmbeddedStore, collection_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def titled(title: str, *texts: str) -> DocumentRows:
        written = document("d", *texts, revision=title)
        rows = (replace(r, chunk=replace(r.chunk, title=title)) for r in written.rows)
        return replace(written, rows=tuple(rows))

    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    store.write(collection_name, [titled("old", "old one", "old two")])
    new = titled("new", "new one", "new two", "new three")
    writer = threading.Thread(target=store.write, args=(collection_name, [new]))

    def replace_it_first(column: str, values: Sequence[str]) -> str:
        """Between finding documents and finding their passages, another thread writes."""
        if column == "doc_id" and not writer.ident:
            writer.start()
            writer.join(0.3)
        return one_of(column, values)

    monkeypatch.setattr(engine_store, "one_of", replace_it_first)
    asked = query(legs=(Leg.DENSE,))
    (hit,) = search_grouped(store, collection_name, asked, SearchSettings())
    assert {chunk.title for chunk in (hit.chunk, *hit.inside)} == {"old"}
    assert {chunk.text for chunk in (hit.chunk, *hit.inside)} == {"old one", "old two"}
    writer.join(30)
    (hit,) = search_grouped(store, collection_name, asked, SearchSettings())
    assert hit.chunk.title == "new"


def test_parts_of_a_document_are_joined_by_their_maximum(
    store: EmbeddedStore, collection_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.documents.MAX_TOKEN_ROWS", 10)
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    written = document("d", "one", "two", "three", "four", "five")
    store.write(collection_name, [written, document("e", "six")])
    store.wait_until_searchable(collection_name, 30)
    assert store.describe(collection_name).rows == 4
    asked = query("one two three four five six", legs=LEGS)
    hits = store.search(collection_name, asked)
    assert sorted(hit.chunk.doc_id for hit in hits) == ["d", "e"]
    scores = maxsim_documents(asked.encoding.tokens, [r.encoding.tokens for r in written.rows])
    by_document = {hit.chunk.doc_id: hit.score for hit in hits}
    assert by_document["d"] == pytest.approx(float(scores.max()), abs=1e-4)


def test_a_document_without_any_token_can_be_stored_and_is_ranked_last(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(laid(collection_name, unit=Unit.DOCUMENT))
    bare = replace(encoding(3), tokens=np.zeros((0, 8), np.float32))
    rows = (row("bare", 0, encoded=bare), row("bare", 1, encoded=bare))
    store.write(collection_name, [DocumentRows("bare", "1", "", rows), document("full", "x")])
    asked = query(encoded=row("full").encoding, legs=(Leg.DENSE,))
    hits = store.search(collection_name, asked)
    assert [hit.chunk.doc_id for hit in hits] == ["full", "bare"]
    assert hits[1].score == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("storage", "token_bytes"),
    [(TensorStorage.FLOAT, 32), (TensorStorage.FLOAT16, 16), (TensorStorage.BIT, 1)],
)
@pytest.mark.parametrize("unit", Unit)
def test_the_bytes_of_columns_are_estimated_from_the_rows(
    store: EmbeddedStore,
    collection_name: str,
    unit: Unit,
    storage: TensorStorage,
    token_bytes: int,
) -> None:
    store.create_collection(laid(collection_name, unit=unit, tensor_storage=storage))
    store.write(collection_name, [document(f"d{i}", "nine char", "nine char") for i in range(15)])
    sizes = store.column_bytes(collection_name)
    tokens = 5  # of each chunk that `document` makes
    assert sizes["tokens"] == 30 * tokens * token_bytes
    assert sizes["dense"] == 30 * 16 * 4
    assert sizes["sparse"] >= 15 * 6 * 8
    assert sizes["text"] >= 30 * 8


def test_an_empty_collection_takes_no_bytes(store: EmbeddedStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    assert set(store.column_bytes(collection_name).values()) == {0}
