"""A synthetic collection whose statistics, not whose meaning, are those of real text.

Words and sparse terms follow Zipf's law, dense vectors lie in clusters, token vectors are
random directions (the engine scores them exhaustively, so their directions cost nothing).
Every document depends on its number alone, so a collection can be made in any batches.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.types import Chunk, DocumentRows, Encoding, Row, SparseVector

if TYPE_CHECKING:
    from rag.encoders.base import EncoderInfo
    from rag.types import FloatArray, IntArray

CHUNKS_PER_DOCUMENT = 10
VOCABULARY = 20_000
CLUSTERS = 50
CHUNK_WORDS = 120
CHUNK_TOKENS = (60, 140)
CHUNK_TERMS = 167  # draws; some 128 are distinct, as many as the default preset keeps
QUESTION_WORDS = 8
QUESTION_TOKENS = 12
QUESTION_TERMS = 17  # draws; some 16 are distinct
# The commonest words match nearly all rows, and people do not ask for them alone.
FIRST_ASKED_WORD = 20
# The first ids of a WordPiece vocabulary are special and unused tokens.
FIRST_TERM = 1000
CHUNK_STREAM, QUESTION_STREAM, CLUSTER_STREAM = range(3)


class SyntheticCorpus:
    """Documents and questions with the widths of an encoder."""

    def __init__(self, encoder: EncoderInfo):
        self._encoder = encoder

    def document(self, number: int, chunks: int = CHUNKS_PER_DOCUMENT) -> DocumentRows:
        """Document `number`, the same at every call."""
        rng = np.random.default_rng([CHUNK_STREAM, number])
        doc_id = f"synthetic-{number}"
        rows = tuple(self._row(rng, doc_id, position) for position in range(chunks))
        return DocumentRows(doc_id, "1", f"{doc_id}.txt", rows)

    def question(self, number: int) -> tuple[str, Encoding]:
        """The words and the encoding of question `number`."""
        rng = np.random.default_rng([QUESTION_STREAM, number])
        text = _words(zipf(rng, QUESTION_WORDS, VOCABULARY - FIRST_ASKED_WORD) + FIRST_ASKED_WORD)
        return text, self._encoding(rng, QUESTION_TOKENS, QUESTION_TERMS)

    def _row(self, rng: np.random.Generator, doc_id: str, position: int) -> Row:
        text = _words(zipf(rng, CHUNK_WORDS, VOCABULARY))
        tokens = int(rng.integers(CHUNK_TOKENS[0], CHUNK_TOKENS[1] + 1))
        chunk = Chunk(
            id=f"{doc_id}-{position}",
            doc_id=doc_id,
            title=doc_id,
            text=text,
            position=position,
            start=0,
            end=len(text),
        )
        return Row(chunk, self._encoding(rng, tokens, CHUNK_TERMS))

    def _encoding(self, rng: np.random.Generator, tokens: int, terms: int) -> Encoding:
        center = self._centers[rng.integers(CLUSTERS)]
        return Encoding(
            dense=unit(center + rng.standard_normal(len(center), dtype=np.float32)),
            sparse=self._sparse(rng, terms),
            tokens=unit(rng.standard_normal((tokens, self._encoder.token_dim), dtype=np.float32)),
            token_count=tokens,
        )

    def _sparse(self, rng: np.random.Generator, terms: int) -> SparseVector:
        """Distinct ids of `terms` draws, so somewhat fewer, with weights as SPLADE's."""
        first = min(FIRST_TERM, self._encoder.sparse_dim // 2)
        indices = np.unique(zipf(rng, terms, self._encoder.sparse_dim - first) + first)
        values = np.log1p(rng.exponential(1.0, len(indices)) + 0.01)
        return SparseVector(indices, values.astype(np.float32))

    @cached_property
    def _centers(self) -> FloatArray:
        rng = np.random.default_rng([CLUSTER_STREAM])
        return rng.standard_normal((CLUSTERS, self._encoder.dense_dim), dtype=np.float32)


def zipf(rng: np.random.Generator, draws: int, size: int) -> IntArray:
    """Numbers in [0, size) whose frequency falls as 1 / (1 + number).

    By inversion of the continuous law: the logarithm is uniform.
    """
    ranks = np.exp(rng.random(draws) * np.log(size + 1))
    numbers: IntArray = np.minimum(ranks.astype(np.int64) - 1, size - 1)
    return numbers


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors divided by their lengths, along the last axis."""
    lengths: FloatArray = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / lengths


def _words(numbers: IntArray) -> str:
    return " ".join(f"word{number}" for number in numbers)
