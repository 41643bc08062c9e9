"""Whether an answer is supported: claims, evidence, checks and verdicts.

The families of checkers and the kinds of hallucination are those of Huang et al. 2023, "A
Survey on Hallucination in Large Language Models", arXiv:2311.05232 (sections 2 and 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class CheckerFamily(StrEnum):
    """How a checker finds what is not supported (the survey's families of detection)."""

    FACT_OVERLAP = "fact_overlap"
    CLASSIFIER = "classifier"
    QUESTION_ANSWERING = "question_answering"
    UNCERTAINTY = "uncertainty"
    PROMPTING = "prompting"


class CheckerCost(StrEnum):
    """What a checker spends on a claim."""

    ARITHMETIC = "arithmetic"  # on vectors and words that are there: about a millisecond
    SMALL_MODEL = "small_model"  # one or several forward passes
    LANGUAGE_MODEL = "language_model"  # one or several calls of it


class VerdictLabel(StrEnum):
    """What is found of a claim. ERROR: a checker failed, so that nothing is known."""

    SUPPORTED = "supported"
    PARTIALLY_SUPPORTED = "partially_supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    NOT_CHECKABLE = "not_checkable"
    ERROR = "error"


class HallucinationKind(StrEnum):
    """The survey's taxonomy: two kinds against facts, three against what was given.

    A claim that says otherwise than its passages is a context inconsistency; one of which
    they say nothing is a fabrication.
    """

    FACTUAL_INCONSISTENCY = "factual_inconsistency"
    FACTUAL_FABRICATION = "factual_fabrication"
    INSTRUCTION_INCONSISTENCY = "instruction_inconsistency"
    CONTEXT_INCONSISTENCY = "context_inconsistency"
    LOGICAL_INCONSISTENCY = "logical_inconsistency"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer.

    `start` and `end` are its characters in the answer. `text` is as long: the same characters,
    but spaces where the answer has citation marks, so that a place in `text` is `start`
    further on in the answer. `citations` are the numbers of those marks. Not `checkable`: a
    question, a greeting, a heading, or a sentence that says that nothing was found.
    """

    start: int
    end: int
    text: str
    checkable: bool
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a passage that a claim is held against.

    `passage` counts from 1 in the order in which passages were sent. `start` and `end` are
    characters of the document, which read `quote`. `score` is the mean MaxSim of a token of
    the claim, at most 1 or a little above.
    """

    passage: int
    chunk_id: str
    doc_id: str
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class UnsupportedSpan:
    """Characters of the answer that the evidence does not support, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """What one checker says of one claim.

    `score` is in [0, 1], higher is better supported; None: the checker failed, and `error`
    says why, or it has nothing to say of this claim. `contradicts`: the evidence says
    otherwise, not only nothing. `signals` are further figures in [0, 1], higher is better
    supported, which the combination may use. `notices` is what the user should know.
    """

    checker: str
    family: CheckerFamily
    score: float | None
    error: str | None = None
    contradicts: bool = False
    unsupported: tuple[UnsupportedSpan, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all checkers together say of one claim.

    `score` is the calibrated probability of support; None where nothing was or could be
    checked. `kind` is None unless something is wrong. `evidence` is best first.
    """

    claim: Claim
    label: VerdictLabel
    score: float | None = None
    kind: HallucinationKind | None = None
    evidence: tuple[Evidence, ...] = ()
    checks: tuple[Check, ...] = ()
    unsupported: tuple[UnsupportedSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounding:
    """An answer checked: a verdict for each of its sentences, in order.

    `score` is the least probability of support among its claims; None where nothing could be
    checked. `grounded`: every claim is supported; None where there was no claim or where a
    checker failed and nothing else was found wrong.
    """

    answer: str
    verdicts: tuple[Verdict, ...]
    score: float | None
    grounded: bool | None
    notices: tuple[str, ...]
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a policy changed of an answer: text without citation marks.

    No `after`: it was left out. `why` says what was found.
    """

    before: str
    after: str
    why: str
