"""How well the checks find what an answer's context does not support.

Answers on which weights are fitted are never among those that are reported: each file is cut
in two by a hash of the contexts, and thresholds are chosen on held-out folds of the first half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.grounding.checks import check_answers
from eval.grounding.data import Part, read_answers
from eval.grounding.fit import FitData, answer_score, fit_all
from eval.grounding.metrics import (
    bootstrap,
    called_by_folds,
    hard_half,
    quality,
    roc_auc,
)
from eval.grounding.swaps import swapped_facts
from eval.grounding.weights import FittedOn, weights_record
from eval.progress import silent
from eval.stats import environment
from rag.encoders.loading import load_encoder
from rag.encoders.weights.files import sha256_of
from rag.errors import InputError
from rag.ground.checker import CheckerTools, load_checkers
from rag.ground.combine import Combination, load_combination

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from eval.grounding.checks import CheckedAnswer, Costs
    from eval.grounding.data import LabelledAnswer
    from eval.grounding.metrics import Array, Flags, Interval, Quality
    from eval.progress import StepProgress
    from eval.stats import Environment
    from rag.settings import Settings

SWAPS = "swapped facts"
OVERLAP = "overlap"
SWAPS_SHARE = 0.05  # beside human labels: enough to learn that numbers and names must agree


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """A set of labelled answers, by the part that they may be used for.

    `share` is how much it counts in a fit beside other sets.
    """

    name: str
    sha256: str
    parts: Mapping[Part, Sequence[LabelledAnswer]]
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class SystemScores:
    """What one way of scoring reaches: on all answers, on the hard half, and by source.

    `gain` is the AUC beyond that of overlap on the hard half, over the same resamples.
    """

    system: str
    whole: Quality | None
    hard: Quality | None
    gain: Interval | None
    sources: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SetReport:
    """The reported part of a set, and each system's figures on it."""

    name: str
    part: str
    answers: int
    without_claims: int
    systems: tuple[SystemScores, ...]


@dataclass(frozen=True, slots=True)
class GroundingReport:
    """All sets, what a claim costs in milliseconds, and the weights if they were fitted."""

    environment: Environment
    encoder: str
    sets: tuple[SetReport, ...]
    cost_ms: Mapping[str, float]
    weights: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """A set with its answers checked."""

    source: AnswerSet
    parts: Mapping[Part, Sequence[CheckedAnswer]]


def run(
    data: Sequence[Path],
    swaps: Path | None,
    pairs: int,
    fit: bool,
    settings: Settings,
    progress: StepProgress = silent,
) -> GroundingReport:
    """Check all answers, fit the weights anew if `fit`, and score what was not fitted on.

    `swaps` is a file of passages in which facts are exchanged, for at most `pairs` pairs in
    each part. Raises: SourceError, SettingsError, WeightsError, InputError for no data.
    """
    sets = [read_set(path) for path in data] + ([swapped_set(swaps, pairs)] if swaps else [])
    if not sets:
        raise InputError("There is nothing to evaluate; give --data or --swaps.")
    encoder = load_encoder(settings.encoder)
    tools = CheckerTools(settings.ground, settings.encoder)
    checkers = load_checkers(settings.ground.checkers, tools)
    answers = [answer for each in sets for part in each.parts.values() for answer in part]
    checked, costs = check_answers(answers, encoder, checkers, settings.ground, progress)
    results = _by_set(sets, checked)
    used = load_combination(settings.ground.weights)
    weights = None
    if fit:
        names = [checker.name for checker in checkers]
        fits = fit_all([_fit_data(each) for each in results], names)
        used = Combination(tuple(fits), frozenset(each.sha256 for each in sets))
        weights = weights_record(fits, [_fitted_on(each) for each in results])
    return GroundingReport(
        environment=environment(),
        encoder=encoder.info.identity,
        sets=tuple(report_set(each, used) for each in results),
        cost_ms=_with_total(costs),
        weights=weights,
    )


def read_set(path: Path) -> AnswerSet:
    """The answers of a file, in two parts. Raises: SourceError."""
    answers = list(read_answers(path))
    parts = {part: [answer for answer in answers if answer.part is part] for part in Part}
    return AnswerSet(f"{path.parent.name}/{path.name}", sha256_of(path), parts)


def swapped_set(path: Path, pairs: int) -> AnswerSet:
    """Swapped facts of the passages in a file, in two parts. Raises: SourceError."""
    parts = {part: swapped_facts(path, part, pairs) for part in Part}
    return AnswerSet(SWAPS, sha256_of(path), parts, SWAPS_SHARE)


def report_set(checked: CheckedSet, combination: Combination) -> SetReport:
    """The test part; both parts of a file that no weights were fitted on."""
    known = checked.source.sha256 in combination.data
    parts = [Part.TEST] if known else list(Part)
    rows = [row for part in parts for row in checked.parts[part]]
    return SetReport(
        name=checked.source.name,
        part=" and ".join(parts),
        answers=len(rows),
        without_claims=sum(not row.checks and not row.unsupported for row in rows),
        systems=tuple(score_systems(rows, combination)) if rows else (),
    )


def score_systems(rows: Sequence[CheckedAnswer], combination: Combination) -> list[SystemScores]:
    """Overlap, and each fit of the combination whose checkers were run."""
    grounded = np.array([row.answer.grounded for row in rows])
    overlaps = np.array([row.overlap for row in rows])
    folds = np.array([row.answer.fold for row in rows])
    systems = {OVERLAP: (overlaps, called_by_folds(overlaps, grounded, folds))}
    ran = {check.checker for row in rows for checks in row.checks for check in checks}
    for fit in (fit for fit in combination.fits if fit.checkers <= ran):
        scores = np.array([answer_score(fit, row) for row in rows])
        systems["+".join(sorted(fit.checkers))] = (scores, scores >= fit.thresholds.supported)
    sources = np.array([row.answer.source for row in rows])
    return [
        _scores(name, scores, called, grounded, overlaps, sources)
        for name, (scores, called) in systems.items()
    ]


def _scores(
    name: str, scores: Array, called: Flags, grounded: Flags, overlaps: Array, sources: Any
) -> SystemScores:
    hard = hard_half(overlaps)
    return SystemScores(
        system=name,
        whole=quality(scores, grounded, called),
        hard=quality(scores[hard], grounded[hard], called[hard]),
        gain=_gain(scores[hard], overlaps[hard], grounded[hard]),
        sources={
            str(source): roc_auc(scores[sources == source], grounded[sources == source])
            for source in sorted(set(sources))
        },
    )


def _gain(scores: Array, overlaps: Array, grounded: Flags) -> Interval | None:
    """How much more AUC the scores have than overlap; None where there is one label."""
    if grounded.all() or not grounded.any():
        return None
    return bootstrap(
        lambda rows: (
            roc_auc(scores[rows], grounded[rows]) - roc_auc(overlaps[rows], grounded[rows])
        ),
        len(grounded),
    )


def _by_set(sets: Sequence[AnswerSet], checked: Sequence[CheckedAnswer]) -> list[CheckedSet]:
    """The checked answers, which lie in the order of sets and parts, given back to them."""
    rows = iter(checked)
    return [
        CheckedSet(each, {part: [next(rows) for _ in each.parts[part]] for part in each.parts})
        for each in sets
    ]


def _fit_data(checked: CheckedSet) -> FitData:
    return FitData(checked.parts[Part.FIT], checked.source.share)


def _fitted_on(checked: CheckedSet) -> FittedOn:
    return FittedOn(checked.source.name, checked.source.sha256, len(checked.parts[Part.FIT]))


def _with_total(costs: Costs) -> dict[str, float]:
    per_claim = costs.per_claim()
    return {**per_claim, "total": sum(per_claim.values())}
