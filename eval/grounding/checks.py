"""Labelled answers put through the checkers, each once, and what that takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

from eval.progress import silent
from rag.ground.claims import split_claims
from rag.ground.combine import signals_of
from rag.ground.evidence import EvidencePool
from rag.ground.run import run_checker
from rag.ground.words import split_words
from rag.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.grounding.data import LabelledAnswer
    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.ground.checker import CheckCase, Checker
    from rag.settings import GroundSettings
    from rag.types import Check


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer with the checks of each claim that could be checked.

    `overlap` is the share of the answer's words that the context has: the baseline.
    `unsupported` counts claims for which there was no evidence at all.
    """

    answer: LabelledAnswer
    checks: tuple[tuple[Check, ...], ...]
    unsupported: int
    overlap: float

    @property
    def signals(self) -> tuple[Mapping[str, float], ...]:
        """The signals of each claim."""
        return tuple(signals_of(checks) for checks in self.checks)


@dataclass(slots=True)
class Costs:
    """Milliseconds spent so far, and on how many claims."""

    milliseconds: dict[str, float] = field(default_factory=dict)
    claims: int = 0

    def add(self, step: str, milliseconds: float) -> None:
        """Add to a step."""
        self.milliseconds[step] = self.milliseconds.get(step, 0.0) + milliseconds

    def per_claim(self) -> dict[str, float]:
        """Milliseconds a claim of each step."""
        return {step: spent / max(1, self.claims) for step, spent in self.milliseconds.items()}


def check_answers(
    answers: Sequence[LabelledAnswer],
    encoder: Encoder,
    checkers: Sequence[Checker],
    settings: GroundSettings,
    progress: StepProgress = silent,
) -> tuple[list[CheckedAnswer], Costs]:
    """All answers checked. Neighbours with one context share its encoding."""
    costs = Costs()
    checked: list[CheckedAnswer] = []
    for context, group in groupby(answers, key=lambda answer: answer.context):
        started = perf_counter()
        pool = EvidencePool([Chunk("context", "context", "", context, 0, 0, len(context))], encoder)
        costs.add("passages", 1e3 * (perf_counter() - started))
        for answer in group:
            checked.append(_check(answer, pool, checkers, settings, costs))
            progress("check", len(checked), len(answers))
    return checked, costs


def overlap(answer: str, context: str) -> float:
    """The share of the answer's words that the context has; 0 for an answer without words."""
    there = {word.folded for word in split_words(context)}
    words = [word.folded for word in split_words(answer)]
    return sum(word in there for word in words) / len(words) if words else 0.0


def _check(
    answer: LabelledAnswer,
    pool: EvidencePool,
    checkers: Sequence[Checker],
    settings: GroundSettings,
    costs: Costs,
) -> CheckedAnswer:
    started = perf_counter()
    claims = [claim for claim in split_claims(answer.answer) if claim.checkable]
    cases = [pool.case(claim, settings.evidence, answer.question) for claim in claims]
    costs.add("evidence", 1e3 * (perf_counter() - started))
    costs.claims += len(claims)
    with_evidence = [case for case in cases if case.evidence]
    columns = [_run(checker, with_evidence, costs) for checker in checkers]
    return CheckedAnswer(
        answer=answer,
        checks=tuple(zip(*columns, strict=True)),
        unsupported=len(cases) - len(with_evidence),
        overlap=overlap(answer.answer, answer.context),
    )


def _run(checker: Checker, cases: Sequence[CheckCase], costs: Costs) -> list[Check]:
    checks, milliseconds = run_checker(checker, cases)
    costs.add(checker.name, milliseconds)
    return checks
