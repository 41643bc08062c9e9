"""One hybrid query in the SDK's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.schema import CHUNK_COLUMNS, sparse_value
from rag.store.text_query import to_match_text
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.store.base import HybridQuery

# BMP visits every block with these: exact, and fast enough.
EXACT_BMP = {"alpha": "1", "beta": "1"}
# A single leg without fusion names its score differently.
LEG_SCORE = {Leg.DENSE: "_similarity", Leg.SPARSE: "_similarity", Leg.FULLTEXT: "_score"}
SCORE_COLUMNS = ("SCORE", "SIMILARITY")


def usable_legs(query: HybridQuery) -> list[Leg]:
    """The legs that have something to look for in this question."""
    usable = {
        Leg.DENSE: True,
        Leg.SPARSE: len(query.encoding.sparse.indices) > 0,
        Leg.FULLTEXT: bool(to_match_text(query.text)),
    }
    return [leg for leg in query.legs if usable[leg]]


def hybrid(table: Any, query: HybridQuery, legs: list[Leg], where: str | None) -> Any:
    """Legs, fusion and rerank on a fresh table handle; not yet run."""
    reranks = query.rerank is Rerank.TENSOR and len(query.encoding.tokens) > 0
    fused = len(legs) > 1 or reranks
    built = table.output([*CHUNK_COLUMNS, "_score" if fused else LEG_SCORE[legs[0]]])
    for leg in legs:
        LEGS[leg](built, query)
    if fused:
        kept = query.candidates if reranks else query.top_k
        built.fusion("rrf", kept, {"rank_constant": str(query.rank_constant)})
    if reranks:
        built.fusion("match_tensor", query.top_k, _tensor_options(query))
    return _filtered(built, where)


def single(table: Any, query: HybridQuery, leg: Leg, where: str | None) -> Any:
    """The ids that one leg finds, best first."""
    built = table.output(["id", LEG_SCORE[leg]])
    LEGS[leg](built, query)
    return _filtered(built, where)


def _filtered(built: Any, where: str | None) -> Any:
    return built.filter(where) if where else built


def _dense(built: Any, query: HybridQuery) -> None:
    vector = query.encoding.dense.tolist()
    built.match_dense("dense", vector, "float", "ip", query.candidates, {"ef": str(query.ef)})


def _sparse(built: Any, query: HybridQuery) -> None:
    vector = sparse_value(query.encoding.sparse)
    built.match_sparse("sparse", vector, "ip", query.candidates, dict(EXACT_BMP))


def _fulltext(built: Any, query: HybridQuery) -> None:
    words = to_match_text(query.text)
    built.match_text("fulltext", words, query.candidates, {"operator": "or"})


def _tensor_options(query: HybridQuery) -> dict[str, Any]:
    tokens = query.encoding.tokens.tolist()
    return {"field": "tokens", "query_tensor": tokens, "element_type": "float"}


LEGS: dict[Leg, Callable[[Any, HybridQuery], None]] = {
    Leg.DENSE: _dense,
    Leg.SPARSE: _sparse,
    Leg.FULLTEXT: _fulltext,
}
