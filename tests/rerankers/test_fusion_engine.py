"""The engine's reciprocal rank fusion is the one defined here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.store.base import HybridQuery
from rag.types import Leg, Rerank
from rerankers.fusion import reciprocal_rank_fusion

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


@pytest.mark.parametrize("rank_constant", [1, 60])
@pytest.mark.parametrize("question", ["How do bees find flowers?", "What moves the sea on Earth?"])
def test_the_engine_gives_every_hit_the_same_fused_score(
    store: EmbeddedStore, encoder: Encoder, corpus: str, question: str, rank_constant: int
) -> None:
    query = HybridQuery(
        text=question,
        encoding=encoder.encode_question(question),
        legs=tuple(Leg),
        rank_constant=rank_constant,
        rerank=Rerank.NONE,
        candidates=20,
        top_k=20,
        ef=200,
    )
    rankings = store.leg_rankings(corpus, query)
    ours = dict(reciprocal_rank_fusion(list(rankings.values()), rank_constant=rank_constant))
    engine = {hit.chunk.id: hit.score for hit in store.search(corpus, query)}
    assert len(engine) > 1
    assert engine == pytest.approx(ours, rel=1e-5)
