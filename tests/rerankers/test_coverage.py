"""Documents are chosen for what they add."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rerankers.coverage import greedy_cover

MAXIMA = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(0, 1))
)


def test_the_second_document_is_the_one_that_adds_most_not_the_second_best() -> None:
    maxima = np.array([[0.9, 0.9, 0.0], [0.9, 0.8, 0.0], [0.0, 0.0, 0.5]])
    assert greedy_cover(maxima, limit=2, least_gain=0.01) == [0, 2]


def test_what_adds_too_little_is_not_chosen() -> None:
    maxima = np.array([[0.9, 0.9], [0.9, 0.905]])
    assert greedy_cover(maxima, limit=2, least_gain=0.1) == [1]


def test_documents_without_tokens_are_never_chosen() -> None:
    empty = np.full((1, 2), -np.inf)
    assert greedy_cover(empty, limit=1, least_gain=0) == []
    assert greedy_cover(np.vstack([empty, [[-0.5, -0.5]]]), limit=2, least_gain=0) == [1]


@given(MAXIMA, st.integers(1, 4))
def test_the_cover_is_within_the_bound_of_the_best(maxima: np.ndarray, limit: int) -> None:
    chosen = greedy_cover(maxima, limit, least_gain=0)
    size = min(limit, len(maxima))
    best = max(maxima[list(rows)].max(0).sum() for rows in combinations(range(len(maxima)), size))
    assert len(set(chosen)) == len(chosen) <= limit
    assert maxima[chosen].max(0).sum() >= (1 - 1 / np.e) * best - 1e-9
