"""The index over token vectors: built where it is safe, gone as soon as rows are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import InputError
from rag.store.base import TensorIndex
from rag.store.tensor_index import FEWEST_VECTORS
from rag.types import DocumentRows, Leg, Rerank
from tests.rag.store.process import start
from tests.rag.store.rows import document, encoding, query, row, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import HybridQuery
    from rag.store.embedded import EmbeddedStore

TOKENS_A_ROW = 128
ROWS = FEWEST_VECTORS // TOKENS_A_ROW


def filled(store: EmbeddedStore, name: str, rows: int) -> None:
    """Documents of one row of so many tokens."""
    store.create_collection(spec(name))
    encodings = [encoding(number, TOKENS_A_ROW) for number in range(rows)]
    store.write(
        name,
        [
            DocumentRows(f"d{i}", "1", "", (row(f"d{i}", encoded=encoded),))
            for i, encoded in enumerate(encodings)
        ],
    )


def by_tensor(number: int) -> HybridQuery:
    """A question whose tokens are some of those of a row."""
    return query(encoded=encoding(number, 8), legs=(Leg.TENSOR,), rerank=Rerank.NONE, top_k=3)


def test_a_collection_with_too_few_vectors_is_refused_and_searched_exhaustively(
    store: EmbeddedStore, collection_name: str
) -> None:
    filled(store, collection_name, ROWS - 1)
    with pytest.raises(InputError, match=f"fewer than {FEWEST_VECTORS} token vectors"):
        store.build_tensor_index(collection_name)
    assert store.tensor_index(collection_name) is TensorIndex.NONE
    assert store.search(collection_name, by_tensor(3))


def test_an_index_is_used_until_rows_are_written_then_built_again(
    store: EmbeddedStore, collection_name: str
) -> None:
    filled(store, collection_name, ROWS)
    exact = store.search(collection_name, by_tensor(3))[0]
    store.build_tensor_index(collection_name)
    assert store.tensor_index(collection_name) is TensorIndex.READY
    approximate = store.search(collection_name, by_tensor(3))[0]
    assert approximate.score != exact.score  # of quantized vectors: the index was used
    assert approximate.score == pytest.approx(exact.score, rel=0.2)

    store.write(collection_name, [document("new", "words")])
    assert store.tensor_index(collection_name) is TensorIndex.STALE
    assert store.search(collection_name, by_tensor(3))[0] == exact

    store.build_tensor_index(collection_name)
    assert store.tensor_index(collection_name) is TensorIndex.READY
    store.delete(collection_name, ["new"])
    assert store.tensor_index(collection_name) is TensorIndex.READY  # a deletion hides nothing
    store.drop_tensor_index(collection_name)
    assert store.tensor_index(collection_name) is TensorIndex.NONE
    assert store.search(collection_name, by_tensor(3))[0] == exact


def test_a_rerank_is_exact_even_where_the_leg_is_not(
    store: EmbeddedStore, collection_name: str
) -> None:
    filled(store, collection_name, ROWS)
    reranked = query(encoded=encoding(3, 8), legs=(Leg.DENSE,), top_k=3)
    before = store.search(collection_name, reranked)
    store.build_tensor_index(collection_name)
    assert store.search(collection_name, reranked) == before


LIFE = """
from rag.settings import load_settings
from rag.store.open import open_store
from tests.rag.store.rows import *
from tests.rag.store.test_tensor_index import *
store = open_store(load_settings().store)
{before}
best = store.search("c", by_tensor(3))[0]
print(store.tensor_index("c"), best.chunk.doc_id, best.score)
{after}
store.close()
"""


def test_an_index_and_its_absence_are_known_after_reopening(database: Mapping[str, str]) -> None:
    def life(before: str = "", after: str = "") -> tuple[str, str, float]:
        process = start("-c", LIFE.format(before=before, after=after), variables=database)
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        state, doc_id, score = out.split()
        return state, doc_id, float(score)

    _, _, exact = life('filled(store, "c", ROWS)', 'store.build_tensor_index("c")')
    state, doc_id, approximate = life(after='store.write("c", [document("new", "words")])')
    assert (state, doc_id) == ("ready", "d3")
    assert approximate != exact
    assert life() == ("stale", "d3", exact)


def test_dropping_what_is_not_there_does_nothing(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.drop_tensor_index(collection_name)
    assert store.tensor_index(collection_name) is TensorIndex.NONE
