"""How many of the true nearest neighbours the dense leg finds on a synthetic collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.bench.search_stages import Stage, synthetic_query
from eval.synthetic.rows import CHUNKS_PER_DOCUMENT, SyntheticCorpus, chunk_id
from rag.types import Leg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.encoders.base import EncoderInfo
    from rag.settings import SearchSettings
    from rag.store.base import Store
    from rag.types import FloatArray

DEPTH = 100
QUESTIONS = 100


def hnsw_recall(
    store: Store, collection: str, rows: int, encoder: EncoderInfo, options: SearchSettings
) -> float:
    """Mean share of the `DEPTH` rows of the largest inner product, by exhaustive search, that
    the dense leg gives among as many."""
    stage = Stage((Leg.DENSE,), candidates=DEPTH)
    queries = [synthetic_query(encoder, number, stage, options) for number in range(QUESTIONS)]
    exact = _nearest(rows, encoder, np.array([query.encoding.dense for query in queries]))
    shares = []
    for query, nearest in zip(queries, exact, strict=True):
        found = store.leg_rankings(collection, query)[Leg.DENSE]
        shares.append(len(nearest.intersection(found)) / len(nearest))
    return float(np.mean(shares))


def _nearest(rows: int, encoder: EncoderInfo, questions: FloatArray) -> list[set[str]]:
    corpus = SyntheticCorpus(encoder)
    documents = range(-(-rows // CHUNKS_PER_DOCUMENT))
    vectors = np.concatenate([corpus.dense(number) for number in documents])[:rows]
    best = np.argsort(-(questions @ vectors.T), axis=1)[:, :DEPTH]
    return [set(_ids(row.tolist())) for row in best]


def _ids(indices: list[int]) -> Iterator[str]:
    for index in indices:
        yield chunk_id(*divmod(index, CHUNKS_PER_DOCUMENT))
