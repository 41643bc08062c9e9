"""Is a difference between two systems more than luck? Paired tests, corrected for many.

Paired randomisation test: Smucker, Allan & Carterette 2007, "A Comparison of Statistical
Significance Tests for Information Retrieval Evaluation", CIKM. Correction: Holm 1979,
"A Simple Sequentially Rejective Multiple Test Procedure".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Differences: TypeAlias = npt.NDArray[np.float64]

LEVEL = 0.05
RESAMPLES = 9_999
SEED = 20_240_518
BATCH = 100  # resamples held in memory at once


@dataclass(frozen=True, slots=True)
class Comparison:
    """A system against the baseline: mean difference, and p-values before and after Holm."""

    difference: float
    p_value: float
    corrected: float

    @property
    def significant(self) -> bool:
        """The corrected p-value is below the level."""
        return self.corrected < LEVEL


def compare(
    baseline: Sequence[float], systems: Mapping[str, Sequence[float]]
) -> dict[str, Comparison]:
    """Compare each system with the baseline, question by question.

    All values are those of the same questions in the same order.
    """
    if not systems:
        return {}
    differences = np.array([np.subtract(values, baseline) for values in systems.values()])
    p_values = dict(zip(systems, randomisation_test(differences), strict=True))
    corrected = holm(p_values)
    return {
        name: Comparison(float(difference.mean()), p_values[name], corrected[name])
        for name, difference in zip(systems, differences, strict=True)
    }


def randomisation_test(differences: Differences) -> list[float]:
    """Two-sided p-value of each row of paired differences [systems, questions]: mean 0 by chance?

    The signs of the differences are flipped at random, or in every way when those are few.
    Seeded: the same values give the same p-values.
    """
    from scipy.stats import permutation_test

    if differences.shape[-1] < 2:  # either sign is as far from 0
        return [1.0] * len(differences)
    result = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        axis=-1,
        n_resamples=RESAMPLES,
        batch=BATCH,
        rng=np.random.default_rng(SEED),
    )
    return [float(p_value) for p_value in result.pvalue]


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Corrected p-values that hold for all comparisons together (family-wise error rate)."""
    corrected, largest = {}, 0.0
    for rank, (name, p_value) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_value))
        corrected[name] = largest
    return corrected
