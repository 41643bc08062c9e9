"""A synthetic collection whose statistics, not whose meaning, are those of real text.

Words follow Zipf's law, dense vectors lie in clusters, token vectors are random directions (the
engine scores them exhaustively, so their directions cost nothing). Sparse vectors are as the
default preset makes them of real text (`eval.synthetic.terms`).
Every document depends on its number alone, so a collection can be made in any batches.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from eval.synthetic.terms import document_terms, passage_vector, question_vector
from eval.synthetic.zipf import zipf
from rag.types import Chunk, DocumentRows, Encoding, Row

if TYPE_CHECKING:
    from rag.encoders.base import EncoderInfo
    from rag.types import FloatArray, IntArray, SparseVector

CHUNKS_PER_DOCUMENT = 10
VOCABULARY = 20_000
INFLECTIONS = ("", "s", "ed", "ing")  # words that share a stem lie side by side
CLUSTERS = 50
CHUNK_WORDS = 120
CHUNK_TOKENS = (60, 140)
QUESTION_WORDS = 8
QUESTION_TOKENS = 12
# Token vectors are drawn from so many: making each anew would take longer than storing it.
TOKEN_POOL = 2**14
# The commonest words match nearly all rows, and people do not ask for them alone.
FIRST_ASKED_WORD = 20
CHUNK_STREAM, QUESTION_STREAM, CLUSTER_STREAM, DENSE_STREAM, ASKED_STREAM, POOL_STREAM = range(6)


class SyntheticCorpus:
    """Documents and questions with the widths of an encoder."""

    def __init__(self, encoder: EncoderInfo):
        self._encoder = encoder

    def document(self, number: int, chunks: int = CHUNKS_PER_DOCUMENT) -> DocumentRows:
        """Document `number`, the same at every call."""
        rng = np.random.default_rng([CHUNK_STREAM, number])
        doc_id = document_id(number)
        dense, terms = self.dense(number, chunks), document_terms(number, self._sparse_dim)
        rows = tuple(
            self._row(rng, number, position, dense[position], terms) for position in range(chunks)
        )
        return DocumentRows(doc_id, "1", f"{doc_id}.txt", rows)

    def dense(self, number: int, chunks: int = CHUNKS_PER_DOCUMENT) -> FloatArray:
        """Only the dense vectors [chunks, d] of document `number`."""
        return self._clustered(np.random.default_rng([DENSE_STREAM, number]), chunks)

    def question(self, number: int) -> tuple[str, Encoding]:
        """The words and the encoding of question `number`."""
        rng = np.random.default_rng([QUESTION_STREAM, number])
        text = _asked(rng)
        dense = self._clustered(np.random.default_rng([ASKED_STREAM, number]), 1)[0]
        sparse = question_vector(rng, self._sparse_dim)
        return text, self._encoding(rng, dense, sparse, QUESTION_TOKENS)

    def _row(
        self,
        rng: np.random.Generator,
        number: int,
        position: int,
        dense: FloatArray,
        terms: IntArray,
    ) -> Row:
        doc_id = document_id(number)
        text = _words(zipf(rng, CHUNK_WORDS, VOCABULARY))
        tokens = int(rng.integers(CHUNK_TOKENS[0], CHUNK_TOKENS[1] + 1))
        chunk = Chunk(
            id=chunk_id(number, position),
            doc_id=doc_id,
            title=doc_id,
            text=text,
            position=position,
            start=0,
            end=len(text),
        )
        sparse = passage_vector(rng, terms, self._sparse_dim)
        return Row(chunk, self._encoding(rng, dense, sparse, tokens))

    def _encoding(
        self, rng: np.random.Generator, dense: FloatArray, sparse: SparseVector, tokens: int
    ) -> Encoding:
        return Encoding(
            dense=dense,
            sparse=sparse,
            tokens=self._pool[rng.integers(len(self._pool), size=tokens)],
            token_count=tokens,
        )

    def _clustered(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Unit vectors [count, d], each around the centre of a cluster.

        The clusters are drawn row by row, so that fewer rows are the first of more.
        """
        width = self._encoder.dense_dim
        rows = [
            self._centers[rng.integers(CLUSTERS)] + rng.standard_normal(width, dtype=np.float32)
            for _ in range(count)
        ]
        return unit(np.array(rows, np.float32).reshape(count, width))

    @property
    def _sparse_dim(self) -> int:
        return self._encoder.sparse_dim

    @cached_property
    def _centers(self) -> FloatArray:
        rng = np.random.default_rng([CLUSTER_STREAM])
        return rng.standard_normal((CLUSTERS, self._encoder.dense_dim), dtype=np.float32)

    @cached_property
    def _pool(self) -> FloatArray:
        rng = np.random.default_rng([POOL_STREAM])
        return unit(rng.standard_normal((TOKEN_POOL, self._encoder.token_dim), dtype=np.float32))


def question_text(number: int) -> str:
    """Only the words of question `number`, which are cheap."""
    return _asked(np.random.default_rng([QUESTION_STREAM, number]))


def document_id(number: int) -> str:
    """The id of document `number`."""
    return f"synthetic-{number}"


def chunk_id(number: int, position: int) -> str:
    """The id of a chunk of document `number`."""
    return f"{document_id(number)}-{position}"


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors divided by their lengths, along the last axis."""
    lengths: FloatArray = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / lengths


def word(number: int) -> str:
    """Word `number` of the vocabulary: a stem of its own letters, and an inflection."""
    stem, inflection = divmod(number, len(INFLECTIONS))
    letters = ""
    for _ in range(3):  # 70 syllables: three tell 343,000 stems apart
        stem, syllable = divmod(stem, len(SYLLABLES))
        letters += SYLLABLES[syllable]
    return letters + INFLECTIONS[inflection]


SYLLABLES = [consonant + vowel for vowel in "aeiou" for consonant in "bdfgklmnprstvz"]


def _words(numbers: IntArray) -> str:
    return " ".join(word(number) for number in numbers.tolist())


def _asked(rng: np.random.Generator) -> str:
    return _words(zipf(rng, QUESTION_WORDS, VOCABULARY - FIRST_ASKED_WORD) + FIRST_ASKED_WORD)
