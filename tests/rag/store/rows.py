"""Small random encodings and documents for tests of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.store.base import CollectionSpec, HybridQuery
from rag.types import Chunk, DocumentRows, Encoding, Leg, Rerank, Row, SparseVector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import FieldType
    from rag.store.filters import Filter
    from rag.types import FloatArray, MetadataValue

DENSE_DIM, SPARSE_DIM, TOKEN_DIM = 16, 100, 8
ENCODER = EncoderInfo(
    preset="random",
    models=(ModelInfo("dense+tokens", "random", "0" * 64, "none", "nowhere"),),
    dense_dim=DENSE_DIM,
    sparse_dim=SPARSE_DIM,
    token_dim=TOKEN_DIM,
    max_tokens=256,
)


def spec(name: str, fields: Mapping[str, FieldType] | None = None) -> CollectionSpec:
    return CollectionSpec(name, ENCODER, fields or {})


def unit(values: np.ndarray) -> FloatArray:
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def sparse(weights: Mapping[int, float]) -> SparseVector:
    indices = sorted(weights)
    values = np.array([weights[i] for i in indices], np.float32)
    return SparseVector(np.array(indices, np.int64), values)


def encoding(seed: int, tokens: int = 5) -> Encoding:
    """A random encoding that is the same for the same seed."""
    rng = np.random.default_rng(seed)
    indices = rng.choice(SPARSE_DIM, 6, replace=False)
    return Encoding(
        dense=unit(rng.normal(size=DENSE_DIM)),
        sparse=sparse({int(i): float(rng.uniform(0.1, 2.0)) for i in indices}),
        tokens=unit(rng.normal(size=(tokens, TOKEN_DIM))),
        token_count=tokens + 2,
    )


def row(
    doc_id: str,
    position: int = 0,
    text: str = "some words",
    encoded: Encoding | None = None,
    metadata: Mapping[str, MetadataValue] | None = None,
) -> Row:
    chunk = Chunk(
        id=f"{doc_id}#{position}",
        doc_id=doc_id,
        title=f"Title of {doc_id}",
        text=text,
        position=position,
        start=10 * position,
        end=10 * position + len(text),
        metadata=metadata or {},
    )
    # By a checksum, since hash() gives other numbers in each process.
    return Row(chunk, encoded or encoding(crc32(chunk.id.encode())))


def document(
    doc_id: str,
    *texts: str,
    revision: str = "1",
    metadata: Mapping[str, MetadataValue] | None = None,
) -> DocumentRows:
    """A document of one chunk a text."""
    rows = tuple(row(doc_id, i, text, metadata=metadata) for i, text in enumerate(texts))
    return DocumentRows(doc_id, revision, f"{doc_id}.txt", rows)


def query(
    text: str = "some words",
    encoded: Encoding | None = None,
    legs: tuple[Leg, ...] = tuple(Leg),
    rerank: Rerank = Rerank.TENSOR,
    where: Filter | None = None,
    candidates: int = 100,
    top_k: int = 10,
) -> HybridQuery:
    return HybridQuery(
        text=text,
        encoding=encoded or encoding(0),
        legs=legs,
        rank_constant=60,
        rerank=rerank,
        candidates=candidates,
        top_k=top_k,
        ef=200,
        where=where,
    )
