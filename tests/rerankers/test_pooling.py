"""Token pooling, and one sparse vector of several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerankers.pooling import max_pool_terms, pool_tokens, pool_windows


def unit(seed: int, rows: int, width: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 99), st.integers(1, 40), st.integers(1, 4))
def test_pooling_leaves_one_of_so_many_unit_rows(seed: int, rows: int, factor: int) -> None:
    pooled = pool_tokens(unit(seed, rows), factor)
    assert len(pooled) == max(1, rows // factor)
    assert pooled.dtype == np.float32
    assert np.linalg.norm(pooled, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_factor_one_and_single_tokens_are_left_as_they_are() -> None:
    tokens = unit(0, 5)
    assert pool_tokens(tokens, 1) is tokens
    assert pool_tokens(tokens[:1], 4) is not None
    assert len(pool_tokens(tokens[:0], 4)) == 0


def test_tokens_that_are_alike_become_their_mean_in_the_order_of_the_first() -> None:
    a, b = np.eye(2, 8, dtype=np.float32)
    tilted = (a + 0.1 * b) / np.linalg.norm(a + 0.1 * b)
    pooled = pool_tokens(np.stack([b, a, b, tilted]), 2)
    mean = (a + tilted) / np.linalg.norm(a + tilted)
    assert np.allclose(pooled, [b, mean], atol=1e-6)


def test_vectors_that_cancel_out_give_no_nan() -> None:
    a = np.eye(1, 8, dtype=np.float32)
    assert np.array_equal(pool_tokens(np.concatenate([a, -a]), 2), np.zeros((1, 8)))


def test_windows_are_pooled_apart() -> None:
    tokens = unit(1, 13)
    pooled, windows = pool_windows(tokens, (6, 7), 2)
    assert windows == (3, 3)
    assert np.array_equal(pooled[:3], pool_tokens(tokens[:6], 2))
    assert np.array_equal(pooled[3:], pool_tokens(tokens[6:], 2))


def test_factors_below_one_and_windows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        pool_tokens(unit(0, 3), 0)
    with pytest.raises(ValueError, match="do not fit"):
        pool_windows(unit(0, 3), (1, 1), 2)


def test_a_term_keeps_its_largest_weight() -> None:
    terms, weights = max_pool_terms(np.array([7, 3, 7]), np.array([1, 2, 5], np.float32))
    assert (terms.tolist(), weights.tolist()) == ([3, 7], [2.0, 5.0])
