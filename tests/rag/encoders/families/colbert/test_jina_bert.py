"""ALiBi's slopes are those of its paper."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.encoders.families.colbert.jina_bert import alibi, alibi_slopes


def test_eight_heads_have_the_slopes_of_the_paper() -> None:
    assert alibi_slopes(8) == [2.0**-i for i in range(1, 9)]


def test_twelve_heads_take_four_slopes_from_sixteen() -> None:
    assert alibi_slopes(12) == pytest.approx([*alibi_slopes(8), *alibi_slopes(16)[:8:2]])


@given(heads=st.integers(1, 24), length=st.integers(1, 12))
def test_biases_are_symmetric_and_fall_with_distance(heads: int, length: int) -> None:
    biases = alibi(heads, length)
    assert biases.shape == (heads, length, length)
    torch.testing.assert_close(biases, biases.transpose(1, 2))
    assert (biases[:, 0].diff(dim=-1) < 0).all()
