"""Why a passage was found: each leg's rank, score and share, and which tokens matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, TypeAlias

from rag.encoders.embed_text import embed_text
from rag.store.query import weights_of
from rag.store.search import NORMS
from rag.types import Explanation, Fusion, LegScore, Span, TokenMatch
from rerankers.fusion import reciprocal_rank_fusion, weighted_sum
from rerankers.maxsim import token_alignment

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.store.base import HybridQuery
    from rag.types import Chunk, ChunkContext, Leg, TokenVectors

Ranking: TypeAlias = Sequence[tuple[str, float]]
NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class LegTable:
    """What every leg gave: the rank and score of each row id, and its part of the fusion."""

    ranks: Mapping[Leg, Mapping[str, int]]
    scores: Mapping[Leg, Mapping[str, float]]
    parts: Mapping[Leg, Mapping[str, float]]

    @classmethod
    def of(cls, rankings: Mapping[Leg, Ranking], query: HybridQuery) -> LegTable:
        """From each leg's (row id, score), best first."""
        return cls(
            ranks={
                leg: {id_: rank for rank, (id_, _) in enumerate(ranking, 1)}
                for leg, ranking in rankings.items()
            },
            scores={leg: dict(ranking) for leg, ranking in rankings.items()},
            parts=_parts(rankings, query),
        )

    def fused(self, row_id: str) -> float | None:
        """The row's fused score; None where there is nothing to fuse."""
        if len(self.parts) < 2:
            return None
        return fsum(parts.get(row_id, 0.0) for parts in self.parts.values())

    def legs_of(self, row_id: str) -> dict[Leg, LegScore]:
        """What each leg says of the row."""
        whole = fsum(parts.get(row_id, 0.0) for parts in self.parts.values())
        return {
            leg: LegScore(
                rank=self.ranks[leg].get(row_id),
                score=self.scores[leg].get(row_id),
                share=parts.get(row_id, 0.0) / whole if whole else 0.0,
            )
            for leg, parts in self.parts.items()
        }


def explanations(
    encoder: Encoder,
    query: HybridQuery,
    legs: LegTable,
    found: Sequence[tuple[str, Chunk]],
    context: ChunkContext,
) -> list[Explanation]:
    """One explanation for each row id and the chunk shown for it, encoded in its `context`.

    Passages are encoded again, since token vectors never leave the store: some tens of
    milliseconds each. The question is not: the query has its token vectors and their spans.
    """
    limit = encoder.info.max_tokens
    texts = [embed_text(chunk, encoder.count_tokens, limit, context) for _, chunk in found]
    vectors = encoder.token_vectors(texts)
    return [
        _explanation(legs, row_id, _matches(query, chunk, text, tokens))
        for (row_id, chunk), text, tokens in zip(found, texts, vectors, strict=True)
    ]


def _parts(rankings: Mapping[Leg, Ranking], query: HybridQuery) -> dict[Leg, dict[str, float]]:
    """Each leg's term of the fused sum: the fusion of that leg alone."""
    weights = dict(zip(rankings, weights_of(query, list(rankings)), strict=True))
    if query.fusion is Fusion.WEIGHTED_SUM:
        normalize = NORMS[query.normalization]
        return {
            leg: dict(weighted_sum([ranking], normalize=normalize, weights=[weights[leg]]))
            for leg, ranking in rankings.items()
        }
    constant = query.rank_constant
    return {
        leg: dict(
            reciprocal_rank_fusion(
                [[id_ for id_, _ in ranking]], rank_constant=constant, weights=[weights[leg]]
            )
        )
        for leg, ranking in rankings.items()
    }


def _explanation(legs: LegTable, row_id: str, tokens: tuple[TokenMatch, ...]) -> Explanation:
    return Explanation(
        legs=legs.legs_of(row_id),
        fused=legs.fused(row_id),
        maxsim=fsum(match.score for match in tokens) if tokens else None,
        tokens=tokens,
    )


def _matches(
    query: HybridQuery, chunk: Chunk, text: str, tokens: TokenVectors
) -> tuple[TokenMatch, ...]:
    """Each question token with its best token of `text`, which ends with the chunk's."""
    asked = query.encoding
    if not len(asked.tokens) or not len(tokens.vectors):
        return ()
    alignment = token_alignment(asked.tokens, tokens.vectors)
    above = len(text) - len(chunk.text)
    return tuple(
        _match(_span(query.text, span), _span(text, tokens.spans[position]), above, float(score))
        for span, position, score in zip(
            asked.spans, alignment.positions, alignment.scores, strict=True
        )
    )


def _match(question: Span, passage: Span, above: int, score: float) -> TokenMatch:
    """`above` is the number of characters above the passage's own text."""
    if not passage.text:
        return TokenMatch(question, passage, False, score)
    if passage.start < above:
        return TokenMatch(question, passage, True, score)
    shifted = Span(passage.start - above, passage.end - above, passage.text)
    return TokenMatch(question, shifted, False, score)


def _span(text: str, span: Sequence[int]) -> Span:
    start, end = (int(place) for place in span)
    return Span(start, end, text[start:end]) if end > start else Span(*NOWHERE, "")
