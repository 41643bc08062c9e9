"""The places in the passages that a claim is held against.

Sentences are scored by late interaction (MaxSim, Khattab & Zaharia 2020, arXiv:2004.12832)
with the vectors that their tokens have in the whole passage. A claim may draw on several
places: each further sentence is the one that adds most to what is matched already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.ground.checker import CheckCase
from rag.ground.sentences import split_sentences
from rag.types import Evidence, TokenVectors
from rerankers.coverage import greedy_cover
from rerankers.maxsim import token_maxima

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.types import Chunk, Claim, FloatArray, IntArray

# A further sentence must raise the mean match of a claim's token by this much.
LEAST_GAIN = 0.01


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a passage, which is number `passage` from 1, and its rows in `vectors`."""

    passage: int
    chunk: Chunk
    start: int
    end: int
    vectors: FloatArray
    spans: IntArray

    @property
    def tokens(self) -> TokenVectors:
        """The sentence's token vectors, with spans in the sentence."""
        return TokenVectors(self.vectors, self.spans - self.start)

    def evidence(self, score: float) -> Evidence:
        """The sentence as evidence, with its characters in the document."""
        return Evidence(
            passage=self.passage,
            chunk_id=self.chunk.id,
            doc_id=self.chunk.doc_id,
            start=self.chunk.start + self.start,
            end=self.chunk.start + self.end,
            quote=self.chunk.text[self.start : self.end],
            score=score,
        )


class EvidencePool:
    """All sentences of the passages that an answer was made from, encoded once."""

    def __init__(self, passages: Sequence[Chunk], encoder: Encoder):
        self._encoder = encoder
        vectors = map(_own_tokens, encoder.token_vectors([chunk.text for chunk in passages]))
        self._places = [
            place
            for number, (chunk, tokens) in enumerate(zip(passages, vectors, strict=True), 1)
            for place in _places(number, chunk, tokens)
        ]

    def case(self, claim: Claim, limit: int, question: str = "") -> CheckCase:
        """The claim and at most `limit` places, best first; none where nothing was sent."""
        tokens = self._claim_tokens(claim)
        chosen = self._choose(tokens.vectors, limit)
        return CheckCase(
            claim=claim,
            evidence=tuple(place.evidence(score) for place, score in chosen),
            claim_tokens=tokens,
            evidence_tokens=tuple(place.tokens for place, _ in chosen),
            question=question,
        )

    def _claim_tokens(self, claim: Claim) -> TokenVectors:
        """As a question is encoded: the same vectors, each as long as its word counts."""
        encoding = self._encoder.encode_question(claim.text)
        return _own_tokens(TokenVectors(encoding.tokens, encoding.spans))

    def _choose(self, claim: FloatArray, limit: int) -> list[tuple[Place, float]]:
        if not len(claim) or not self._places:
            return []
        weight = float(np.linalg.norm(claim, axis=1).sum())
        maxima = token_maxima(claim, self._vectors, self._offsets) / weight
        rows = greedy_cover(maxima, limit, LEAST_GAIN)
        return [(self._places[row], float(maxima[row].sum())) for row in rows]

    @cached_property
    def _vectors(self) -> FloatArray:
        return np.concatenate([place.vectors for place in self._places])

    @cached_property
    def _offsets(self) -> IntArray:
        return np.cumsum([0, *(len(place.vectors) for place in self._places)])


def _places(number: int, chunk: Chunk, tokens: TokenVectors) -> list[Place]:
    """The sentences of a passage that have tokens.

    Where windows of a long passage overlap, a sentence has the rows of both.
    """
    sentences = split_sentences(chunk.text)
    starts = np.array([sentence.start for sentence in sentences], dtype=np.int64)
    owners = np.searchsorted(starts, tokens.spans[:, 0], side="right") - 1
    rows = [np.flatnonzero(owners == place) for place in range(len(sentences))]
    return [
        Place(number, chunk, each.start, each.end, tokens.vectors[found], tokens.spans[found])
        for each, found in zip(sentences, rows, strict=True)
        if len(found)
    ]


def _own_tokens(tokens: TokenVectors) -> TokenVectors:
    """Without rows that stand for no characters, such as [CLS] and [MASK]."""
    own = tokens.spans[:, 1] > tokens.spans[:, 0]
    return TokenVectors(tokens.vectors[own], tokens.spans[own])
