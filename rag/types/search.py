"""What a search finds, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.types.choices import Leg, ScoredBy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types.documents import Chunk


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text, which read `text`.

    [0, 0] and no text: a token that stands for no characters, such as [CLS] or [MASK].
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """A question token and the token of a passage that it matches best.

    `question` lies in the question; `passage` in the passage's text, or in its title where
    `in_title` (the title is encoded above the text). `score` is their dot product: over all
    question tokens these add up to MaxSim.
    """

    question: Span
    passage: Span
    in_title: bool
    score: float


@dataclass(frozen=True, slots=True)
class LegScore:
    """What one leg says of a passage; None: the passage is outside the leg's candidates.

    `rank` counts from 1. `score` is on the leg's own scale: cosine, dot product of term
    weights, BM25, MaxSim. `share` is the leg's part of the fused score, in [0, 1].
    """

    rank: int | None
    score: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage was found, and what of it matched.

    `fused` is the score that the legs together gave it, a statistic of ranks or of scaled
    scores and never a relevance; None where there was one leg only. `maxsim` is the sum over
    `tokens`, computed anew in full precision from the passage's text; None where the question
    or the passage has no token vectors.
    """

    legs: Mapping[Leg, LegScore]
    fused: float | None
    maxsim: float | None
    tokens: tuple[TokenMatch, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question.

    `rank` counts from 1. `score` is what the last stage ordered by: the MaxSim sum after a
    tensor rerank, the cross-encoder's score, the fused score of several legs, or a single leg's
    own score; none is a probability. `relevance` is the mean MaxSim per question token, in
    [-1, 1], or None when no MaxSim was computed. `leg_ranks` gives the rank (from 1) in each
    leg that was asked for; None: outside that leg's candidates.
    `inside` are further passages of the same document that were found, best first, where
    documents are ranked. `explanation` is there where it was asked for.
    """

    rank: int
    score: float
    relevance: float | None
    chunk: Chunk
    leg_ranks: Mapping[Leg, int | None] = field(default_factory=dict)
    inside: tuple[Chunk, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages, best first, with what the user should know about the search."""

    question: str
    collection: str
    passages: tuple[Passage, ...]
    notices: tuple[str, ...]
    timings_ms: Mapping[str, float]
    scored_by: ScoredBy = ScoredBy.FUSION
