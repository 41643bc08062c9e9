from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eval.synthetic.zipf import zipf


@given(st.integers(1, 40_000), st.integers(0, 2**32))
def test_zipf_numbers_stay_within_their_range(size: int, seed: int) -> None:
    numbers = zipf(np.random.default_rng(seed), 100, size)
    assert numbers.min() >= 0
    assert numbers.max() < size


def test_zipf_frequencies_fall_with_rank() -> None:
    counts = np.bincount(zipf(np.random.default_rng(0), 100_000, 1000), minlength=1000)
    assert counts[:10].sum() > counts[10:110].sum() * 0.9
    assert counts[:100].sum() > 2 * counts[500:].sum()
