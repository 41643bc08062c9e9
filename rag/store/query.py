"""From a HybridQuery to the engine's query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.schema import DENSE, FULLTEXT, SPARSE, TOKENS
from rag.store.text_query import question_text
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.store.base import HybridQuery


def usable_legs(query: HybridQuery) -> tuple[Leg, ...]:
    """The legs that the question has something for: its text may hold no word or term."""
    return tuple(leg for leg in dict.fromkeys(query.legs) if _has_input(query, leg))


def add_leg(builder: Any, leg: Leg, query: HybridQuery) -> Any:
    """The query with one more leg, of `query.candidates` rows."""
    return LEGS[leg](builder, query)


def add_fusion(builder: Any, query: HybridQuery) -> Any:
    """The query with its legs fused, and reranked where that is asked and possible.

    The last stage gives twice `top_k`: while a document is replaced its chunks may be
    there in two generations.
    """
    last = min(query.candidates, 2 * query.top_k)
    reranked = query.rerank is Rerank.TENSOR and len(query.encoding.tokens) > 0
    constant = {"rank_constant": str(query.rank_constant)}
    fused = builder.fusion("rrf", query.candidates if reranked else last, constant)
    if not reranked:
        return fused
    tensor = {"field": TOKENS, "query_tensor": query.encoding.tokens, "element_type": "float"}
    return fused.fusion("match_tensor", last, tensor)


def _has_input(query: HybridQuery, leg: Leg) -> bool:
    match leg:
        case Leg.DENSE:
            return True
        case Leg.SPARSE:
            return len(query.encoding.sparse.indices) > 0
        case Leg.FULLTEXT:
            return bool(question_text(query.text))


def _dense(builder: Any, query: HybridQuery) -> Any:
    # HNSW gives no more rows than it keeps in view.
    options = {"ef": str(max(query.ef, query.candidates))}
    return builder.match_dense(
        DENSE, query.encoding.dense, "float", "ip", query.candidates, options
    )


def _sparse(builder: Any, query: HybridQuery) -> Any:
    from infinity_embedded.common import SparseVector

    sparse = query.encoding.sparse
    vector = SparseVector(sparse.indices.tolist(), sparse.values.tolist())
    exact = {"alpha": "1", "beta": "1"}
    return builder.match_sparse(SPARSE, vector, "ip", query.candidates, exact)


def _fulltext(builder: Any, query: HybridQuery) -> Any:
    words = question_text(query.text)
    return builder.match_text(FULLTEXT, words, query.candidates, {"operator": "or"})


LEGS: Mapping[Leg, Callable[[Any, HybridQuery], Any]] = {
    Leg.DENSE: _dense,
    Leg.SPARSE: _sparse,
    Leg.FULLTEXT: _fulltext,
}
