"""Texts from anywhere, ranked for a question by late interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rerankers.cross_encoder import rank_by_score
from rerankers.maxsim import maxsim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.types import Encoding, FloatArray


WORST = -1.0


@dataclass(frozen=True, slots=True)
class RankedText:
    """The place of a text among those that were given, from 0, and how well it fits.

    `relevance` is the mean MaxSim per question token, in [-1, 1], as of `rag.types.Passage`.
    """

    index: int
    relevance: float


def rank_texts(encoder: Encoder, question: str, texts: Sequence[str]) -> list[RankedText]:
    """All texts, the best first; equal ones keep their order.

    A text longer than the encoder reads at once counts as its best window. One without
    token vectors, such as an empty one, matches nothing: -1.
    """
    tokens = encoder.encode_question(question).tokens
    relevances = [_relevance(tokens, encoding) for encoding in encoder.encode_documents(texts)]
    ranking = rank_by_score(range(len(texts)), relevances)
    return [RankedText(place, relevance) for place, relevance in ranking]


def _relevance(question: FloatArray, encoding: Encoding) -> float:
    """Mean MaxSim per question token of the best window."""
    lengths = encoding.windows or (len(encoding.tokens),)
    scores = maxsim(question, encoding.tokens, np.cumsum((0, *lengths)))
    return max(float(scores.max()) / max(len(question), 1), WORST)
