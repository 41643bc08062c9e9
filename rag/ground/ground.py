"""An answer held against the passages that it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from rag.ground.checker import CheckerTools, load_checkers
from rag.ground.claims import split_claims
from rag.ground.combine import load_combination
from rag.ground.evidence import EvidencePool
from rag.ground.run import run_checker
from rag.ground.verdict import not_checkable, verdict, without_evidence
from rag.types import CheckerCost, Grounding, VerdictLabel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.encoders.base import Encoder
    from rag.ground.checker import Asker, CheckCase, Checker
    from rag.ground.combine import Combination
    from rag.settings import EncoderSettings, GroundSettings
    from rag.types import Check, Chunk, Claim, Verdict

ALL_NEGATIVE = (
    VerdictLabel.PARTIALLY_SUPPORTED,
    VerdictLabel.CONTRADICTED,
    VerdictLabel.UNSUPPORTED,
)


@dataclass(frozen=True, slots=True)
class Grounder:
    """Checkers and weights, loaded once and used from any number of threads."""

    encoder: Encoder
    checkers: tuple[Checker, ...]
    combination: Combination
    settings: GroundSettings

    def ground(self, answer: str, passages: Sequence[Chunk], question: str = "") -> Grounding:
        """Check every claim of `answer` against `passages`, in the order they were sent."""
        return self.check(split_claims(answer), answer, self.pool(passages), question)

    def pool(self, passages: Sequence[Chunk]) -> EvidencePool:
        """The passages encoded, to check several answers against."""
        return EvidencePool(passages, self.encoder)

    def check(
        self, claims: Sequence[Claim], answer: str, pool: EvidencePool, question: str = ""
    ) -> Grounding:
        """Check some claims of an answer against passages that are encoded already."""
        started = perf_counter()
        limit = self.settings.evidence
        cases = {c: pool.case(c, limit, question) for c in claims if c.checkable}
        checked = [case for case in cases.values() if case.evidence]
        found = 1e3 * (perf_counter() - started)
        checks, timings = self._run(checked)
        verdicts = tuple(self._verdict(claim, cases.get(claim), checks) for claim in claims)
        return grounding_of(answer, verdicts, {"evidence": found, **timings})

    def _run(
        self, cases: Sequence[CheckCase]
    ) -> tuple[dict[Claim, tuple[Check, ...]], dict[str, float]]:
        """The checks of each claim, and milliseconds of each checker.

        Language models are asked last, and only about what the others leave in doubt.
        """
        checks: dict[Claim, tuple[Check, ...]] = {case.claim: () for case in cases}
        timings: dict[str, float] = {}
        for costly in (False, True):
            asked = [case for case in cases if not costly or self._in_doubt(checks[case.claim])]
            for checker in self.checkers:
                if (checker.cost is CheckerCost.LANGUAGE_MODEL) is costly:
                    found, timings[checker.name] = run_checker(checker, asked)
                    for case, check in zip(asked, found, strict=True):
                        checks[case.claim] += (check,)
        return checks, timings

    def _in_doubt(self, checks: Sequence[Check]) -> bool:
        """A claim that failed in a check stays an error, whatever a language model says."""
        if any(check.error is not None for check in checks):
            return False
        score = self.combination.score(checks)
        return score is None or self.settings.doubt_from <= score <= self.settings.doubt_to

    def _verdict(
        self, claim: Claim, case: CheckCase | None, checks: Mapping[Claim, Sequence[Check]]
    ) -> Verdict:
        if case is None:
            return not_checkable(claim)
        if not case.evidence:
            return without_evidence(claim)
        names = [checker.name for checker in self.checkers]
        thresholds = self.combination.thresholds(names, self.settings)
        score = self.combination.score(checks[claim])
        return verdict(claim, case.evidence, checks[claim], score, thresholds)


def load_grounder(
    settings: GroundSettings,
    models: EncoderSettings,
    encoder: Encoder,
    asker: Asker | None = None,
) -> Grounder:
    """Load the checkers and weights that the settings name.

    `asker` is for the checkers that ask a language model.
    Raises: SettingsError, WeightsError.
    """
    tools = CheckerTools(settings, models, asker, encoder)
    checkers = load_checkers(settings.checkers, tools)
    return Grounder(encoder, checkers, load_combination(settings.weights), settings)


def ground(
    answer: str,
    passages: Sequence[Chunk],
    encoder: Encoder,
    checkers: Sequence[Checker],
    settings: GroundSettings,
) -> Grounding:
    """Check one answer with checkers that are loaded; for many, make one `Grounder`.

    Raises: SettingsError for weights that cannot be read.
    """
    weights = load_combination(settings.weights)
    return Grounder(encoder, tuple(checkers), weights, settings).ground(answer, passages)


def grounding_of(
    answer: str, verdicts: tuple[Verdict, ...], timings: Mapping[str, float]
) -> Grounding:
    """What the verdicts on its sentences, in order, say of an answer."""
    scores = [each.score for each in verdicts if each.score is not None]
    return Grounding(
        answer=answer,
        verdicts=verdicts,
        score=min(scores, default=None),
        grounded=_decision([each.label for each in verdicts]),
        notices=tuple(dict.fromkeys(_notices(verdicts))),
        timings_ms=timings,
    )


def _decision(labels: Sequence[VerdictLabel]) -> bool | None:
    if any(label in ALL_NEGATIVE for label in labels):
        return False
    unknown = VerdictLabel.ERROR in labels or VerdictLabel.SUPPORTED not in labels
    return None if unknown else True


def _notices(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for check in (check for each in verdicts for check in each.checks):
        yield from check.notices
        if check.error is not None:
            yield check.error
    if all(each.label is VerdictLabel.NOT_CHECKABLE for each in verdicts):
        yield "The answer claims nothing that could be checked."
