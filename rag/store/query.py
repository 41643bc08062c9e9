"""From the parts of a HybridQuery to the parts of the engine's query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.store.schema import DENSE, FULLTEXT, SPARSE, TOKENS
from rag.store.text_query import question_text
from rag.types import Fusion, Leg, Normalization

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.store.base import HybridQuery

SCORE, SIMILARITY = "_score", "_similarity"


@dataclass(frozen=True, slots=True)
class LegKind:
    """How the engine is asked for a leg.

    `add` gives the query with the leg, of so many rows. `has_input` says whether the
    question has anything for it. `score` is the output that holds the leg's own score.
    """

    add: Callable[[Any, HybridQuery, int], Any]
    has_input: Callable[[HybridQuery], bool]
    score: str


def usable_legs(query: HybridQuery) -> tuple[Leg, ...]:
    """The legs that the question has something for: its text may hold no word or term."""
    return tuple(leg for leg in dict.fromkeys(query.legs) if LEGS[leg].has_input(query))


def weights_of(query: HybridQuery, legs: Sequence[Leg]) -> list[float]:
    """The weight of each of these legs in the fusion."""
    return [query.weights.get(leg, 1.0) for leg in legs]


def engine_fuses(query: HybridQuery, legs: Sequence[Leg]) -> bool:
    """The engine can fuse these legs as asked: its RRF has no weights, its sum no min-max."""
    if len(legs) == 1:
        return True
    if query.fusion is Fusion.RRF:
        return set(weights_of(query, legs)) == {1.0}
    return query.normalization is Normalization.ATAN


def add_fusion(builder: Any, query: HybridQuery, legs: Sequence[Leg], rows: int) -> Any:
    """The query with its legs fused to so many rows, as `engine_fuses` says it can.

    A single leg must not come here: the engine's weighted sum of one ends the process.
    """
    if query.fusion is Fusion.RRF:
        return builder.fusion("rrf", rows, {"rank_constant": str(query.rank_constant)})
    weights = ",".join(map(str, weights_of(query, legs)))
    return builder.fusion("weighted_sum", rows, {"weights": weights})


def add_maxsim(builder: Any, query: HybridQuery, rows: int) -> Any:
    """The query with what it has so far ordered by exact MaxSim, so many rows of it."""
    tensor = {"field": TOKENS, "query_tensor": query.encoding.tokens, "element_type": "float"}
    return builder.fusion("match_tensor", rows, tensor)


def _dense(builder: Any, query: HybridQuery, rows: int) -> Any:
    # HNSW gives no more rows than it keeps in view.
    options = {"ef": str(max(query.ef, rows))}
    return builder.match_dense(DENSE, query.encoding.dense, "float", "ip", rows, options)


def _sparse(builder: Any, query: HybridQuery, rows: int) -> Any:
    sparse = query.encoding.sparse
    vector = dict(zip(sparse.indices.tolist(), sparse.values.tolist(), strict=True))
    exact = {"alpha": "1", "beta": "1"}
    return builder.match_sparse(SPARSE, vector, "ip", rows, exact)


def _fulltext(builder: Any, query: HybridQuery, rows: int) -> Any:
    words = question_text(query.text, query.left_out)
    return builder.match_text(FULLTEXT, words, rows, {"operator": "or"})


def _tensor(builder: Any, query: HybridQuery, rows: int) -> Any:
    return builder.match_tensor(TOKENS, query.encoding.tokens, "float", rows)


LEGS: Mapping[Leg, LegKind] = {
    Leg.DENSE: LegKind(_dense, lambda query: len(query.encoding.dense) > 0, SIMILARITY),
    Leg.SPARSE: LegKind(_sparse, lambda query: len(query.encoding.sparse.indices) > 0, SIMILARITY),
    Leg.FULLTEXT: LegKind(_fulltext, lambda query: bool(question_text(query.text)), SCORE),
    Leg.TENSOR: LegKind(_tensor, lambda query: len(query.encoding.tokens) > 0, SCORE),
}
