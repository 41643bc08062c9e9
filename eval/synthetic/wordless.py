"""Encodings that mean nothing, for evaluations of the full-text leg alone."""

from __future__ import annotations

import numpy as np

from eval.synthetic.rows import unit
from rag.encoders.base import EncoderInfo, ModelInfo
from rag.types import Encoding, SparseVector

WIDTH = 8
ENCODER = EncoderInfo(
    preset="none",
    models=(ModelInfo(role="dense+sparse+tokens", name="none", sha256="", licence="", path=""),),
    dense_dim=WIDTH,
    sparse_dim=WIDTH,
    token_dim=WIDTH,
    max_tokens=0,
)


def encoding(number: int) -> Encoding:
    """A random direction for each number: many equal ones would degenerate the HNSW graph."""
    vector = unit(np.random.default_rng(number).standard_normal(WIDTH, dtype=np.float32))
    sparse = SparseVector(np.zeros(1, np.int64), np.ones(1, np.float32))
    return Encoding(vector, sparse, tokens=vector[None], token_count=1)
