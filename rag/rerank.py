"""The first stage's best passages, ordered anew by a cross-encoder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.types import Rerank, ScoredBy
from rerankers.cross_encoder import rank_by_score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.encoders.cross_encoder import CrossEncoder
    from rag.settings import SearchSettings
    from rag.store.base import Hit, HybridQuery
    from rag.types import Encoding

# What the store does before a cross-encoder reads its candidates.
BEFORE_CROSS_ENCODER: Mapping[Rerank, Rerank] = {
    Rerank.CROSS_ENCODER: Rerank.NONE,
    Rerank.TENSOR_CROSS_ENCODER: Rerank.TENSOR,
}
# What is left of a rerank for a question that has no token vectors.
WITHOUT_TOKENS: Mapping[Rerank, Rerank] = {
    Rerank.TENSOR: Rerank.NONE,
    Rerank.TENSOR_FUSE: Rerank.NONE,
    Rerank.TENSOR_CROSS_ENCODER: Rerank.CROSS_ENCODER,
}
SCORED_BY: Mapping[Rerank, ScoredBy] = {
    Rerank.TENSOR: ScoredBy.MAXSIM,
    Rerank.TENSOR_FUSE: ScoredBy.FUSION,
    Rerank.CROSS_ENCODER: ScoredBy.CROSS_ENCODER,
    Rerank.TENSOR_CROSS_ENCODER: ScoredBy.CROSS_ENCODER,
}


@dataclass(frozen=True, slots=True)
class Rescored:
    """Hits by the cross-encoder's score, and what the user should know."""

    hits: list[Hit]
    notices: tuple[str, ...] = ()


def needs_cross_encoder(rerank: Rerank) -> bool:
    """Whether this rerank needs a cross-encoder."""
    return rerank in BEFORE_CROSS_ENCODER


def usable_rerank(rerank: Rerank, question: Encoding) -> Rerank:
    """What of a rerank the question has anything for: it may have no token vectors."""
    return rerank if len(question.tokens) else WITHOUT_TOKENS.get(rerank, rerank)


def scored_by(query: HybridQuery) -> ScoredBy:
    """What the last stage of a query scores by."""
    one_leg = ScoredBy.LEG if len(query.legs) == 1 else ScoredBy.FUSION
    return SCORED_BY.get(query.rerank, one_leg)


def first_stage(query: HybridQuery, options: SearchSettings) -> HybridQuery:
    """The store's part of a query: all that is to be re-scored, or the query as it is."""
    if not needs_cross_encoder(query.rerank):
        return query
    rows = min(query.candidates, options.cross_encoder_candidates or query.candidates)
    before = BEFORE_CROSS_ENCODER[query.rerank]
    return replace(query, rerank=before, top_k=max(rows, query.top_k))


def rescore(model: CrossEncoder, question: str, hits: Sequence[Hit], top_k: int) -> Rescored:
    """The `top_k` best of the hits by the cross-encoder; equal scores keep their order."""
    pairs = model.score(question, [hit.chunk.text for hit in hits])
    ranking = rank_by_score(range(len(hits)), pairs.scores)[:top_k]
    found = [replace(hits[place], score=score) for place, score in ranking]
    if not pairs.truncated:
        return Rescored(found)
    return Rescored(
        found,
        (f"The cross-encoder read only the first {pairs.question_tokens} tokens of the question.",),
    )
