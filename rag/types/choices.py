"""What a user can choose between."""

from __future__ import annotations

from enum import StrEnum


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


class ChunkContext(StrEnum):
    """Which headings are encoded above the text of a chunk."""

    NONE = "none"
    TITLE = "title"
    SECTION = "section"
    TITLE_SECTION = "title+section"


class GroupBy(StrEnum):
    """What a search gives each of only once: a document, by its best passage."""

    DOCUMENT = "doc_id"


class TensorStorage(StrEnum):
    """How a collection keeps the numbers of its token vectors: 32, 16 or 1 bit each."""

    FLOAT = "float"
    FLOAT16 = "float16"
    BIT = "bit"


class PassageOrder(StrEnum):
    """Where the best passage stands in a prompt. DOCUMENT: in reading order."""

    BEST_FIRST = "best_first"
    BEST_LAST = "best_last"
    DOCUMENT = "document"


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


class GroundPolicy(StrEnum):
    """What happens to an answer whose claims the passages do not support.

    OFF checks nothing. ANNOTATE tells verdicts and changes nothing. STRIP leaves out what is
    not supported, ABSTAIN gives no answer in its place, CORRECT has the model write it anew.
    """

    OFF = "off"
    ANNOTATE = "annotate"
    STRIP = "strip"
    ABSTAIN = "abstain"
    CORRECT = "correct"
