"""Scores of a cross-encoder into a ranking.

A cross-encoder reads question and passage together and gives one score a pair (Nogueira &
Cho 2019, "Passage Re-ranking with BERT", arXiv:1901.04085). A passage longer than it reads
at once is scored window by window and counts as its best window (MaxP: Dai & Callan 2019,
arXiv:1905.09217).
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
Id = TypeVar("Id", str, int)


def best_windows(scores: FloatArray, windows: Sequence[int]) -> FloatArray:
    """The best score of each document.

    `scores` [w] holds the windows of all documents one after another, `windows` [n] how many
    each document has. Returns: [n].
    Raises: ValueError for a document without a window, or if the counts do not add up.
    """
    counts = np.asarray(windows, dtype=np.int64)
    if (counts < 1).any() or counts.sum() != len(scores):
        raise ValueError(f"{len(scores)} scores cannot be those of {list(windows)} windows")
    if not len(counts):
        return scores[:0]
    best: FloatArray = np.maximum.reduceat(scores, np.cumsum(counts) - counts)
    return best


def rank_by_score(
    ids: Sequence[Id], scores: Sequence[float] | FloatArray
) -> list[tuple[Id, float]]:
    """Candidates with their scores, best first; equal scores stay in the order given.

    Raises: ValueError if there are not as many scores as ids, or one is not finite.
    """
    scored = [(id_, float(score)) for id_, score in zip(ids, scores, strict=True)]
    if not all(isfinite(score) for _, score in scored):
        raise ValueError("a score that is not a finite number has no rank")
    return sorted(scored, key=lambda item: -item[1])
