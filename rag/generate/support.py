"""Which of the passages sent supports a sentence, and where.

By token alignment (MaxSim, Khattab & Zaharia 2020, arXiv:2004.12832): for each token of the
sentence the best token of the passage, as a mean weighted by what each token counts for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.ground.sentences import Sentence, split_sentences
from rerankers.maxsim import token_maxima

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.generate.sent import SentPassage
    from rag.types import FloatArray, TokenVectors

PAIR_GAIN = 0.1  # of the mean match of a token


@dataclass(frozen=True, slots=True)
class Support:
    """How well a passage supports a sentence, at most about 1, and what to quote of it.

    `quote` is one sentence or two that follow each other, with offsets in the passage.
    """

    passage: SentPassage
    score: float
    quote: Sentence


class SupportFinder:
    """The passages that a model was sent, encoded once, when the first sentence is there."""

    def __init__(self, passages: Sequence[SentPassage], encoder: Encoder):
        self._passages = passages
        self._encoder = encoder

    def of(self, sentence: str) -> list[Support]:
        """The support of each passage, by its number; none where nothing can be compared."""
        encoding = self._encoder.encode_question(sentence)
        own = encoding.tokens[encoding.spans[:, 1] > encoding.spans[:, 0]]
        if not len(own):
            return []
        found = (
            _support(own, passage, vectors)
            for passage, vectors in zip(self._passages, self._vectors, strict=True)
        )
        return [support for support in found if support is not None]

    @cached_property
    def _vectors(self) -> list[TokenVectors]:
        return self._encoder.token_vectors([sent.chunk.text for sent in self._passages])


def _support(sentence: FloatArray, sent: SentPassage, tokens: TokenVectors) -> Support | None:
    if not len(tokens.vectors):
        return None
    weight = float(np.linalg.norm(sentence, axis=1).sum())
    text = sent.chunk.text
    sentences = split_sentences(text)
    starts = np.array([each.start for each in sentences], dtype=np.int64)
    offsets = np.append(np.searchsorted(tokens.spans[:, 0], starts), len(tokens.vectors))
    maxima = token_maxima(sentence, tokens.vectors, offsets) / weight
    first, last = _closest(maxima)
    start, end = sentences[first].start, sentences[last].end
    score = float(maxima.max(axis=0).sum())
    return Support(sent, score, Sentence(start, end, text[start:end]))


def _closest(maxima: FloatArray) -> tuple[int, int]:
    """First and last of the sentences to quote, from matches [sentences, tokens].

    The closest one, or two that follow each other where these say clearly more: the second
    often calls by a pronoun what the first one names.
    """
    single = maxima.sum(axis=1)
    pairs = np.maximum(maxima[:-1], maxima[1:]).sum(axis=1)
    best = int(single.argmax())
    if len(pairs) and pairs.max() >= single[best] + PAIR_GAIN:
        first = int(pairs.argmax())
        return first, first + 1
    return best, best
