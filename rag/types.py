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
MetadataValue: TypeAlias = Scalar | list[str]  # the list holds tags


class Leg(StrEnum):
    """One way to recall candidates."""

    DENSE = "dense"
    SPARSE = "sparse"
    FULLTEXT = "fulltext"
    TENSOR = "tensor"  # MaxSim over all rows


class Fusion(StrEnum):
    """How the rankings of several legs become one."""

    RRF = "rrf"
    WEIGHTED_SUM = "weighted_sum"


class Normalization(StrEnum):
    """How a weighted sum makes the scores of different legs comparable."""

    MINMAX = "minmax"
    ATAN = "atan"


class Rerank(StrEnum):
    """What happens to the fused candidates.

    TENSOR orders them by MaxSim, TENSOR_FUSE by reciprocal rank fusion of their first rank
    and their MaxSim rank, CROSS_ENCODER by a model that reads question and passage together.
    TENSOR_CROSS_ENCODER lets that model read what MaxSim puts first.
    """

    NONE = "none"
    TENSOR = "tensor"
    TENSOR_FUSE = "tensor+fuse"
    CROSS_ENCODER = "cross_encoder"
    TENSOR_CROSS_ENCODER = "tensor+cross_encoder"


class Unit(StrEnum):
    """What a row of a collection stands for, and so what is ranked."""

    CHUNK = "chunk"
    DOCUMENT = "document"


class GroupBy(StrEnum):
    """What a search gives each of only once: a document, by its best passage."""

    DOCUMENT = "doc_id"


class TensorStorage(StrEnum):
    """How a collection keeps the numbers of its token vectors: 32, 16 or 1 bit each."""

    FLOAT = "float"
    FLOAT16 = "float16"
    BIT = "bit"


MOST_POOLING = 4  # token vectors into one; more costs more quality than it saves


@dataclass(frozen=True, slots=True)
class Layout:
    """How a collection keeps its documents; fixed for its life.

    `token_pooling` is how many token vectors become one, 1 to `MOST_POOLING`. The defaults are
    plain rows, as in collections that were made before there was a choice.
    """

    unit: Unit = Unit.CHUNK
    tensor_storage: TensorStorage = TensorStorage.FLOAT
    token_pooling: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One text to index. `source` names where it came from (a file path)."""

    id: str
    text: str
    title: str = ""
    source: str = ""
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


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
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


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
    """A chunk and its encoding, ready to be written.

    With `pieces` it is a document's row, which the store makes from the rows of its chunks:
    `chunk` is the whole text, `pieces` are the chunks, `encoding.dense` is [n, d] and
    `encoding.windows` counts the token rows of each piece.
    """

    chunk: Chunk
    encoding: Encoding
    pieces: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All rows of one document in one revision; written whole or not at all."""

    doc_id: str
    revision: str
    source: str
    rows: tuple[Row, ...]


class ScoredBy(StrEnum):
    """What the scores of a search are: those of its last stage."""

    LEG = "leg"
    FUSION = "fusion"
    MAXSIM = "maxsim"
    CROSS_ENCODER = "cross_encoder"


class Details(StrEnum):
    """What a search tells of each passage beside its score; each costs more time."""

    NONE = "none"
    LEG_RANKS = "leg_ranks"  # a short query a leg
    EXPLANATION = "explanation"  # that, and the passages shown are encoded once more


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
