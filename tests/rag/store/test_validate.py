"""What would harm the engine is refused with the document and the fault named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rag.errors import InputError, RowError
from rag.store.base import FieldType
from rag.store.validate import MAX_TOKEN_ROWS, check_documents, check_query
from rag.types import DocumentRows, Row, SparseVector
from tests.rag.store.rows import ENCODER, encoding, query, row, sparse, spec

if TYPE_CHECKING:
    from rag.store.engine_store import EngineStore
    from rag.types import Encoding

GOOD = encoding(1)
NAN = np.float32("nan")


def vectors(*indices: int, values: list[float] | None = None) -> SparseVector:
    weights = values or [1.0] * len(indices)
    return SparseVector(np.array(indices, np.int64), np.array(weights, np.float32))


BAD_ENCODINGS = [
    (replace(GOOD, dense=np.full(16, NAN)), "dense holds NaN"),
    (replace(GOOD, dense=GOOD.dense[:8]), "dense has the shape"),
    (replace(GOOD, dense=GOOD.dense.astype(np.float64)), "dense is float64"),
    (replace(GOOD, tokens=np.full((2, 8), np.inf, np.float32)), "tokens holds NaN or infinity"),
    (replace(GOOD, tokens=np.ones((2, 16), np.float32)), "tokens has the shape"),
    (replace(GOOD, tokens=np.ones((MAX_TOKEN_ROWS + 1, 8), np.float32)), "65535"),
    (replace(GOOD, sparse=vectors(3, 1)), "not ascending"),
    (replace(GOOD, sparse=vectors(1, 1)), "not ascending"),
    (replace(GOOD, sparse=vectors(-1)), "outside"),
    (replace(GOOD, sparse=vectors(100)), "outside"),
    (replace(GOOD, sparse=vectors(1, values=[0.0])), "not positive"),
    (replace(GOOD, sparse=vectors(1, values=[float("nan")])), "NaN"),
    (replace(GOOD, sparse=vectors(1, values=[1.0, 2.0])), "shape"),
]


@pytest.mark.parametrize(("encoded", "fault"), BAD_ENCODINGS)
def test_bad_vectors_are_refused_in_rows_and_in_questions(encoded: Encoding, fault: str) -> None:
    with pytest.raises(RowError, match=rf"(?s)'bad'.*{fault}"):
        check_documents([DocumentRows("bad", "1", "", (row("bad", encoded=encoded),))], spec("c"))
    with pytest.raises(InputError, match=fault):
        check_query(query(encoded=encoded), ENCODER)


def changed(**fields: Any) -> DocumentRows:
    good = row("bad")
    return DocumentRows("bad", "1", "", (Row(replace(good.chunk, **fields), good.encoding),))


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (changed(text="a\0b"), "NUL"),
        (changed(title="\ud800"), "surrogate"),
        (changed(id=""), "id is empty"),
        (changed(doc_id="other"), "belongs to other"),
        (changed(position=-1), "position"),
        (changed(end=1.5), "end"),
        (changed(metadata={"year": "2020"}), "year"),
        (changed(metadata={"free": [1]}), "free"),
        (changed(metadata={"free": float("inf")}), "free"),
        (DocumentRows("", "1", "", ()), "id is empty"),
    ],
)
def test_bad_chunks_are_refused(document: DocumentRows, fault: str) -> None:
    with pytest.raises(RowError, match=fault):
        check_documents([document], spec("c", {"year": FieldType.INTEGER}))


def test_a_document_or_chunk_twice_in_one_write_is_refused() -> None:
    one = DocumentRows("a", "1", "", (row("a"),))
    with pytest.raises(RowError, match="document 'a' is given twice"):
        check_documents([one, one], spec("c"))
    twice = DocumentRows("a", "1", "", (row("a"), row("a")))
    with pytest.raises(RowError, match="chunk 'a#0' is given twice"):
        check_documents([twice], spec("c"))


@pytest.mark.parametrize("field", ["candidates", "top_k", "ef", "rank_constant"])
def test_counts_must_be_positive(field: str) -> None:
    changes: dict[str, Any] = {field: 0}
    with pytest.raises(InputError, match=field):
        check_query(replace(query(), **changes), ENCODER)


def test_one_bad_row_keeps_the_whole_write_out(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    good = DocumentRows("good", "1", "", (row("good"),))
    with pytest.raises(RowError):
        store.write(collection_name, [good, changed(text="a\0b")])
    assert store.describe(collection_name).rows == 0
    assert store.documents(collection_name) == {}


def test_a_text_without_terms_or_tokens_is_stored_and_never_beats_a_match(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    empty = replace(encoding(2), sparse=sparse({}), tokens=np.zeros((0, 8), np.float32))
    store.write(
        collection_name,
        [
            DocumentRows("empty", "1", "", (row("empty", text="some words", encoded=empty),)),
            DocumentRows("match", "1", "", (row("match", text="some words", encoded=GOOD),)),
        ],
    )
    store.wait_until_searchable(collection_name, 30)
    hits = store.search(collection_name, query(encoded=GOOD))
    assert [hit.chunk.doc_id for hit in hits] == ["match", "empty"]
    assert hits[1].score == 0
