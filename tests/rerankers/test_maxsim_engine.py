"""The engine's tensor rerank is the MaxSim defined here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.store.base import CollectionSpec, HybridQuery
from rag.types import Chunk, DocumentRows, Encoding, Leg, Rerank, Row, SparseVector
from rerankers.maxsim import maxsim_documents
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.encoders.base import Encoder, EncoderInfo
    from rag.store.embedded import EmbeddedStore
    from rag.types import FloatArray

LENGTHS = (1, 2, 7, 40, 300)


def test_real_passages_get_the_same_scores(
    store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    question = encoder.encode_question("How do bees find flowers?")
    documents = encoder.encode_documents(list(TEXTS.values()))
    ours = maxsim_documents(question.tokens, [document.tokens for document in documents])
    engine = rerank(store, corpus, question)
    assert len(engine) > 1
    expected = {f"id-{name}": score for name, score in zip(TEXTS, ours, strict=True)}
    for id_, score in engine.items():
        assert score == pytest.approx(expected[id_], abs=1e-4)


def test_ragged_passages_with_negative_maxima_get_the_same_scores(
    store: EmbeddedStore, encoder: Encoder, collection_name: str
) -> None:
    rng = np.random.default_rng(11)
    width = encoder.info.token_dim
    # Every question token points away from every document token.
    towards = rng.random((5, width), dtype=np.float32)
    documents = [-rng.random((length, width), dtype=np.float32) for length in LENGTHS]
    write(store, collection_name, encoder.info, documents)
    question = encoding(encoder.info, towards)
    ours = maxsim_documents(question.tokens, documents)
    assert (ours < 0).all()
    engine = rerank(store, collection_name, question)
    expected = {f"chunk-{i}": score for i, score in enumerate(ours)}
    assert engine == pytest.approx(expected, rel=1e-5)


def rerank(store: EmbeddedStore, collection: str, question: Encoding) -> dict[str, float]:
    """Scores by chunk id of the engine's rerank over the dense leg's candidates."""
    query = HybridQuery(
        text="anything",
        encoding=question,
        legs=(Leg.DENSE,),
        rank_constant=60,
        rerank=Rerank.TENSOR,
        candidates=20,
        top_k=20,
        ef=200,
    )
    return {hit.chunk.id: hit.score for hit in store.search(collection, query)}


def write(
    store: EmbeddedStore, name: str, encoder: EncoderInfo, documents: list[FloatArray]
) -> None:
    """One chunk a document, in a new collection."""
    store.create_collection(CollectionSpec(name, encoder))
    rows = [
        Row(Chunk(f"chunk-{i}", "one", "", "text", i, 0, 4), encoding(encoder, tokens))
        for i, tokens in enumerate(documents)
    ]
    store.write(name, [DocumentRows("one", "1", "one.txt", tuple(rows))])


def encoding(encoder: EncoderInfo, tokens: FloatArray) -> Encoding:
    """Token vectors with the same dense vector and no terms."""
    dense = np.zeros(encoder.dense_dim, np.float32)
    dense[0] = 1
    nothing = SparseVector(np.array([], np.int64), np.array([], np.float32))
    return Encoding(dense, nothing, tokens, len(tokens))
