"""One bit a number: token vectors as signs after a random rotation, scored by a float query.

A random orthogonal rotation spreads what a vector holds evenly over its numbers, so that
their signs keep its direction (Gao & Long 2024, "RaBitQ", arXiv:2405.12497). For a unit
vector t, its signs s in {-1, 1} and a rotated question token q, q·s estimates q·t: by
symmetry E[q·s] = (q·t) E|t|₁, and |t|₁ of a random unit vector of width k is sqrt(2k/π).

A database that keeps bits b in {0, 1} gives q·b = (q·s + Σ q) / 2. The sum Σ q is one
constant for each question token, whichever document token is best, so the order of
documents by MaxSim is the same for b and for s, and the scores differ by a known constant.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi, sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def random_rotation(width: int, seed: int) -> FloatArray:
    """An orthogonal float32 [width, width], uniformly drawn; the same for the same seed.

    QR of a Gaussian matrix with its signs fixed: Mezzadri 2007, "How to generate random
    matrices from the classical compact groups", arXiv:math-ph/0609050.
    """
    # RandomState, not Generator: numpy promises that its stream never changes.
    gaussian = np.random.RandomState(seed).standard_normal((width, width))
    orthogonal, triangle = np.linalg.qr(gaussian)
    rotation: FloatArray = (orthogonal * np.sign(np.diag(triangle))).astype(np.float32)
    rotation.flags.writeable = False  # it is shared by all callers
    return rotation


def to_bits(tokens: FloatArray, seed: int) -> FloatArray:
    """Document tokens [t, k] as float32 zeros and ones: the signs after the rotation."""
    rotated = tokens @ random_rotation(tokens.shape[1], seed)
    return (rotated > 0).astype(np.float32)


def bit_question(question: FloatArray, seed: int) -> FloatArray:
    """Question tokens [q, k], rotated and scaled for the product with bits.

    Their MaxSim with `to_bits` less `bit_offset` estimates the MaxSim of the vectors.
    """
    width = question.shape[1]
    rotated: FloatArray = question @ random_rotation(width, seed)
    return rotated * np.float32(2 / sqrt(2 * width / pi))


def bit_offset(question: FloatArray) -> float:
    """What MaxSim with {0, 1} has too much, for a question by `bit_question`: Σ q / 2."""
    return float(question.sum(dtype=np.float64)) / 2
