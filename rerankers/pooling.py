"""Pooling: fewer token vectors a document, and one sparse vector of several.

Similar token vectors are pooled into their mean.

Hierarchical clustering by Ward's method, as in Clavié, Chaffin & Adams 2024, "Reducing the
Footprint of Multi-Vector Retrieval with Minimal Performance Impact via Token Pooling",
arXiv:2409.14683. Here the vectors themselves are clustered (for unit vectors the squared
distance is 2 - 2 cos), and a pooled vector is given unit length again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray: TypeAlias = npt.NDArray[np.float32]
IntArray: TypeAlias = npt.NDArray[np.int64]


def pool_tokens(tokens: FloatArray, factor: int) -> FloatArray:
    """Pool float32 [t, k] unit rows into about t / `factor` unit rows, at least one.

    The pooled vectors come in the order of their first tokens. Raises: ValueError when
    `factor` is below 1.
    """
    if factor < 1:
        raise ValueError(f"the pooling factor must be at least 1, got {factor}")
    clusters = max(1, len(tokens) // factor)
    if clusters >= len(tokens):
        return tokens
    return _means(tokens, _cluster(tokens, clusters))


def pool_windows(
    tokens: FloatArray, windows: Sequence[int], factor: int
) -> tuple[FloatArray, tuple[int, ...]]:
    """Pool each window on its own; `windows` counts the rows of `tokens` in each.

    Gives the pooled rows and their count in each window. The time grows with the square of
    a window's length, not with that of the document's. Raises: ValueError when the windows
    do not add up to the rows.
    """
    if sum(windows) != len(tokens):
        raise ValueError(f"windows of {sum(windows)} rows do not fit {len(tokens)} rows")
    borders = np.cumsum(windows)[:-1]
    pooled = [pool_tokens(window, factor) for window in np.split(tokens, borders)]
    return np.concatenate(pooled), tuple(map(len, pooled))


def max_pool_terms(indices: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Terms that may come several times → each once, ascending, with its largest weight."""
    terms, places = np.unique(indices, return_inverse=True)
    weights = np.zeros(len(terms), np.float32)
    np.maximum.at(weights, places, values)
    return terms, weights


def _cluster(tokens: FloatArray, clusters: int) -> IntArray:
    """The number of each token's cluster, from 0 in the order of their first tokens."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(tokens, method="ward"), clusters, criterion="maxclust")
    _, first, places = np.unique(labels, return_index=True, return_inverse=True)
    order: IntArray = np.argsort(np.argsort(first))[places]
    return order


def _means(tokens: FloatArray, clusters: IntArray) -> FloatArray:
    """The mean of each cluster, at unit length; a mean of zero stays zero."""
    sums = np.zeros((int(clusters.max()) + 1, tokens.shape[1]), np.float32)
    np.add.at(sums, clusters, tokens)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.divide(sums, lengths, out=sums, where=lengths > 0)
