"""A few documents that together match a question best.

The best documents one by one often match the same of the question's tokens. Covering asks of
the set: the sum over question tokens of the best match in *any* chosen document. That is
facility location, which is submodular, so that taking the largest gain each time comes within
1 - 1/e of the best set (Nemhauser, Wolsey & Fisher 1978, Mathematical Programming 14).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]


def greedy_cover(maxima: FloatArray, limit: int, least_gain: float) -> list[int]:
    """Rows of `maxima` [n, q] that cover the question tokens, the best first.

    The first is the document of the highest MaxSim; a further one, up to `limit` in all, must
    add at least `least_gain` to the sum. Documents with -inf are never chosen.
    """
    usable = np.isfinite(maxima).all(axis=1)
    scores = np.where(usable[:, None], maxima, -np.inf)
    return list(_chosen(scores, limit, least_gain)) if usable.any() and limit > 0 else []


def _chosen(maxima: FloatArray, limit: int, least_gain: float) -> Iterator[int]:
    best = int(maxima.sum(axis=1).argmax())
    yield best
    covered = maxima[best]
    for _ in range(limit - 1):
        gains = np.maximum(maxima, covered).sum(axis=1) - covered.sum()
        best = int(gains.argmax())
        if gains[best] < least_gain or gains[best] <= 0:
            return
        yield best
        covered = np.maximum(covered, maxima[best])
