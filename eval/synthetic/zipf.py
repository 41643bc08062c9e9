"""Zipf's law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rag.types import IntArray


def zipf(rng: np.random.Generator, draws: int, size: int) -> IntArray:
    """Numbers in [0, size) whose frequency falls as 1 / (1 + number).

    By inversion of the continuous law: the logarithm is uniform.
    """
    ranks = np.exp(rng.random(draws) * np.log(size + 1))
    numbers: IntArray = np.minimum(ranks.astype(np.int64) - 1, size - 1)
    return numbers
