"""How well scores tell supported answers from others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from eval.grounding.data import FOLDS

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
RESAMPLES = 1000
SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % bootstrap interval (percentiles, over answers)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """`auc`: that a supported answer scores above another one. `f1` is of the unsupported."""

    answers: int
    supported: int
    auc: Interval
    balanced_accuracy: float
    f1: float


def quality(scores: Array, grounded: Flags, called: Flags) -> Quality | None:
    """Of answers with these scores, `called` supported or not; None where there is one label."""
    if grounded.all() or not grounded.any():
        return None
    return Quality(
        answers=len(grounded),
        supported=int(grounded.sum()),
        auc=bootstrap(lambda rows: roc_auc(scores[rows], grounded[rows]), len(grounded)),
        balanced_accuracy=float((called[grounded].mean() + (~called[~grounded]).mean()) / 2),
        f1=f1_of_unsupported(grounded, called),
    )


def roc_auc(scores: Array, grounded: Flags) -> float:
    """The area under the ROC curve, by ranks (Mann & Whitney 1947); nan for one label only."""
    good, bad = int(grounded.sum()), int((~grounded).sum())
    if not good or not bad:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[grounded].sum() - good * (good + 1) / 2) / (good * bad))


def f1_of_unsupported(grounded: Flags, called: Flags) -> float:
    """Harmonic mean of precision and recall of finding the unsupported answers."""
    hits = int((~grounded & ~called).sum())
    wanted, found = int((~grounded).sum()), int((~called).sum())
    return 2 * hits / (wanted + found) if wanted + found else 0.0


def bootstrap(figure: Callable[[npt.NDArray[Any]], float], rows: int) -> Interval:
    """A figure of all rows, and how far it moves when rows are drawn again (Efron 1979)."""
    rng = np.random.default_rng(SEED)
    drawn = [figure(rng.integers(rows, size=rows)) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(figure(np.arange(rows)), float(low), float(high))


def hard_half(overlaps: Array) -> Flags:
    """Answers whose overlap lies between its quartiles, where overlap says least."""
    low, high = np.quantile(overlaps, [0.25, 0.75])
    inside: Flags = (overlaps >= low) & (overlaps <= high)
    return inside


def called_by_folds(scores: Array, grounded: Flags, folds: npt.NDArray[np.int64]) -> Flags:
    """Supported or not, by the threshold of best balanced accuracy on the other folds."""
    called = np.zeros(len(scores), dtype=bool)
    for fold in range(FOLDS):
        held = folds == fold
        called[held] = scores[held] >= best_threshold(scores[~held], grounded[~held])
    return called


def best_threshold(scores: Array, grounded: Flags) -> float:
    """The score from which on to call supported, for the best balanced accuracy."""
    if grounded.all() or not grounded.any():
        return 0.5
    candidates = np.unique(scores)
    rates = [
        (scores[grounded] >= each).mean() + (scores[~grounded] < each).mean() for each in candidates
    ]
    return float(candidates[int(np.argmax(rates))])
