"""The combination of checkers, fitted to labelled answers.

People label answers; the combination scores claims. All claims of a supported answer are
supported; of another one it is known only that one claim is not, so that the one that scores
least is taken for it, anew after each round (multiple-instance learning: Andrews,
Tsochantaridis & Hofmann 2002, NIPS 15).

Weights are not negative, since each signal says how well a claim is supported: more of it may
never lower the score. In each set of data both labels count the same, so that a score of one half
is where they are equally likely.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.optimize import minimize

from eval.grounding.data import FOLDS
from rag.ground.combine import NOTHING_AGAINST, Fit, Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from eval.grounding.checks import CheckedAnswer

    Array: TypeAlias = npt.NDArray[np.float64]

ROUNDS = 4
RIDGE = 0.002  # the penalty on squared weights, against a mean loss an answer
UNSUPPORTED_BELOW = 0.1  # share of supported answers below the partial threshold, at most


@dataclass(frozen=True, slots=True)
class FitData:
    """Answers to fit to, and how much they count in all beside others."""

    answers: Sequence[CheckedAnswer]
    share: float = 1.0

    def in_fold(self, fold: int) -> FitData:
        """Those of a fold."""
        return FitData([a for a in self.answers if a.answer.fold == fold], self.share)

    def but_fold(self, fold: int) -> FitData:
        """Those of the other folds."""
        return FitData([a for a in self.answers if a.answer.fold != fold], self.share)


def fit_all(data: Sequence[FitData], checkers: Sequence[str]) -> list[Fit]:
    """A fit for every set of these checkers; of labelled answers."""
    sets = (s for size in range(1, len(checkers) + 1) for s in combinations(checkers, size))
    return [fit_with_thresholds(data, chosen) for chosen in sets]


def fit_with_thresholds(data: Sequence[FitData], checkers: Sequence[str]) -> Fit:
    """A fit to all answers, with thresholds from the scores of answers that it had not seen."""
    scores, labels, weights = cross_validated(data, checkers)
    return _fit(data, checkers, choose_thresholds(scores, labels, weights))


def cross_validated(data: Sequence[FitData], checkers: Sequence[str]) -> tuple[Array, Array, Array]:
    """Score, label and weight of each answer, scored by a fit to the other folds.

    Answers from one context are in one fold.
    """
    rows: list[tuple[float, float, float]] = []
    for fold in range(FOLDS):
        rest = [part.but_fold(fold) for part in data]
        held = [part.in_fold(fold) for part in data]
        fit = _fit(rest, checkers, Thresholds(0.5, 0.25))
        for answer, weight in _weighted(held):
            rows.append((answer_score(fit, answer), float(answer.answer.grounded), weight))
    scores, labels, weights = np.array(rows).T
    return scores, labels, weights


def answer_score(fit: Fit, answer: CheckedAnswer) -> float:
    """The least score of its claims; 0 where one had no evidence or nothing was claimed."""
    if answer.unsupported:
        return 0.0
    return min((fit.score(signals) for signals in answer.signals), default=0.0)


def choose_thresholds(scores: Array, labels: Array, weights: Array) -> Thresholds:
    """Supported: where balanced accuracy is best. In part: where hardly any answer below is."""
    order = np.argsort(scores)
    ranked, supported = scores[order], np.where(labels[order] > 0, weights[order], 0.0)
    opposed = weights[order] - supported
    lost, caught = np.cumsum(supported), np.cumsum(opposed)
    accuracy = (1 - lost / supported.sum() + caught / opposed.sum()) / 2
    best = float(_after(ranked, int(accuracy.argmax())))
    share = lost / np.maximum(lost + caught, 1e-12)
    below = np.flatnonzero(share <= UNSUPPORTED_BELOW)
    partial = float(_after(ranked, int(below[-1]))) if len(below) else 0.0
    return Thresholds(best, min(partial, best / 2 if partial >= best else partial))


def _after(ranked: Array, place: int) -> float:
    """Between a score and the next one."""
    return float(ranked[place : place + 2].mean())


def _fit(data: Sequence[FitData], checkers: Sequence[str], thresholds: Thresholds) -> Fit:
    weighted = [(answer, weight) for answer, weight in _weighted(data) if answer.checks]
    names = sorted(
        {n for a, _ in weighted for s in a.signals for n in s if n.split(".")[0] in checkers}
    )
    claims = [_matrix(answer, names) for answer, _ in weighted]
    labels = np.array([answer.answer.grounded for answer, _ in weighted], dtype=float)
    weights = np.array([weight for _, weight in weighted])
    solution = np.zeros(len(names) + 1)
    rows = np.stack([matrix.mean(axis=0) for matrix in claims])
    for _ in range(ROUNDS):
        solution = _solve(rows, labels, weights, solution)
        rows = np.stack([matrix[int((matrix @ solution[1:]).argmin())] for matrix in claims])
    used = {
        name: round(float(w), 4) for name, w in zip(names, solution[1:], strict=True) if w > 1e-4
    }
    return Fit(frozenset(checkers), round(float(solution[0]), 4), used, thresholds)


def _matrix(answer: CheckedAnswer, names: Sequence[str]) -> Array:
    return np.array(
        [[signals.get(name, NOTHING_AGAINST) for name in names] for signals in answer.signals]
    )


def _weighted(
    data: Sequence[FitData],
) -> Iterator[tuple[CheckedAnswer, float]]:
    """Each answer with a weight by which sets count as they should, and their labels the same."""
    for part in data:
        counts = Counter(answer.answer.grounded for answer in part.answers)
        for answer in part.answers:
            yield answer, part.share / counts[answer.answer.grounded]


def _solve(rows: Array, labels: Array, weights: Array, start: Array) -> Array:
    """Bias and weights of the weighted logistic regression, weights at least 0."""
    signs, shares = 2 * labels - 1, weights / weights.sum()

    def loss(solution: Array) -> tuple[float, Array]:
        margins = signs * (rows @ solution[1:] + solution[0])
        slopes = -signs * shares / (1 + np.exp(np.clip(margins, -500, 500)))
        penalty = RIDGE / len(solution) * solution[1:]
        gradient = np.concatenate([[slopes.sum()], rows.T @ slopes + penalty])
        value = shares @ np.logaddexp(0, -margins) + penalty @ solution[1:] / 2
        return float(value), gradient

    bounds = [(None, None), *[(0, None)] * (len(start) - 1)]
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    solution: Array = found.x
    return solution
