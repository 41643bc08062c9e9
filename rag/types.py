"""The values that pass between the parts: documents in, passages and answers out.

Everything is frozen. Shapes use n (texts), d (dense width), t (document tokens),
q (question tokens) and k (token-vector width).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

FloatArray: TypeAlias = npt.NDArray[np.float32]
IntArray: TypeAlias = npt.NDArray[np.int64]
Scalar: TypeAlias = str | int | float | bool


class Leg(StrEnum):
    """One way to recall candidates."""

    DENSE = "dense"
    SPARSE = "sparse"
    FULLTEXT = "fulltext"


class Rerank(StrEnum):
    """What happens to the fused candidates."""

    NONE = "none"
    TENSOR = "tensor"


@dataclass(frozen=True, slots=True)
class Document:
    """One text to index. `source` names where it came from (a file path)."""

    id: str
    text: str
    title: str = ""
    source: str = ""
    metadata: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of a document: `document.text[start:end] == text` (characters).

    `position` counts from 0 within the document; `id` is a stable hash of
    collection, document id and position.
    """

    id: str
    doc_id: str
    title: str
    text: str
    position: int
    start: int
    end: int
    metadata: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Learned term weights: ascending unique `indices` and their positive `values`."""

    indices: IntArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Encoding:
    """The three representations of one text.

    `dense` is float32 [d] with unit length, `tokens` float32 [t, k]: a passage's rows have
    unit length; a question's rows may be longer or shorter, by what each token counts for.
    `token_count` is the length of the text in the encoder's tokens, special tokens
    included; `truncated` says that a model did not read all of it (questions only).
    `windows` counts the rows of `tokens` that come from each window of a passage that is
    longer than the model reads at once; one entry, or none: the text was read at once.
    """

    dense: FloatArray
    sparse: SparseVector
    tokens: FloatArray
    token_count: int
    truncated: bool = False
    windows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Token vectors with the characters they stand for.

    `vectors` is float32 [t, k] with unit rows; row i covers `text[spans[i, 0]:spans[i, 1]]`.
    """

    vectors: FloatArray
    spans: IntArray


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk and its encoding, ready to be written."""

    chunk: Chunk
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All rows of one document in one revision; written whole or not at all."""

    doc_id: str
    revision: str
    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question.

    `rank` counts from 1. `score` is the MaxSim sum after a tensor rerank, else the
    fused score; neither is a probability. `relevance` is the mean MaxSim per question
    token, in [-1, 1], or None when no tensor rerank ran. `leg_ranks` gives the rank
    (from 1) in each leg that was asked for; None: outside that leg's candidates.
    """

    rank: int
    score: float
    relevance: float | None
    chunk: Chunk
    leg_ranks: Mapping[Leg, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages, best first, with what the user should know about the search."""

    question: str
    collection: str
    passages: tuple[Passage, ...]
    notices: tuple[str, ...]
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Citation:
    """What a number such as [1] in an answer stands for.

    `start` and `end` are character offsets of the quoted text in the document.
    """

    number: int
    chunk_id: str
    doc_id: str
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the citations that it carries."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its sentences, the citations they refer to, and the search behind it.

    `text` is the sentences with their citation marks. No sentences: nothing in the
    collection answers the question, and `text` says so.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    search: SearchResult
    timings_ms: Mapping[str, float]
