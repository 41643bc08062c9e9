"""Term weights become sparse vectors: positive, ascending, the largest only."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.encoders.families.sparse_terms import largest_terms, own_terms

WEIGHTS = st.lists(st.floats(0, 9, width=32), min_size=1, max_size=30)


def test_a_term_keeps_the_largest_of_its_weights() -> None:
    vector = own_terms(torch.tensor([5, 2, 5, 7]), torch.tensor([1.0, 3.0, 2.0, 0.0]), 0)
    assert (vector.indices.tolist(), vector.values.tolist()) == ([2, 5], [3.0, 2.0])


def test_no_tokens_give_no_terms() -> None:
    vector = own_terms(torch.zeros(0, dtype=torch.int64), torch.zeros(0), 0)
    assert len(vector.indices) == 0


@given(WEIGHTS, st.integers(0, 40))
def test_what_is_kept_is_the_largest_in_order(weights: list[float], limit: int) -> None:
    vector = largest_terms(torch.tensor(weights), limit)
    positive = sorted((weight for weight in weights if weight > 0), reverse=True)
    expected = positive[: limit or None]
    assert sorted(vector.values.tolist(), reverse=True) == pytest.approx(expected)
    assert vector.indices.tolist() == sorted(vector.indices.tolist())
    assert [weights[i] for i in vector.indices] == pytest.approx(vector.values.tolist())
