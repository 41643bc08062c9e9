"""Batches hold every text once and keep their padded size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.encoders.batching import map_batches, plan_batches

LENGTHS = st.lists(st.integers(1, 600), max_size=60)
BUDGETS = st.integers(1, 2000)


@given(LENGTHS, BUDGETS)
def test_every_text_is_in_exactly_one_batch(lengths: list[int], budget: int) -> None:
    batches = plan_batches(lengths, budget)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))


@given(LENGTHS, BUDGETS)
def test_only_a_text_alone_may_exceed_the_budget(lengths: list[int], budget: int) -> None:
    for batch in plan_batches(lengths, budget):
        padded = len(batch) * max(lengths[i] for i in batch)
        assert padded <= budget or len(batch) == 1


@given(st.lists(st.text(max_size=20)), BUDGETS)
def test_results_are_in_the_order_of_the_items(items: list[str], budget: int) -> None:
    assert map_batches(items, budget, lambda batch: [item.upper() for item in batch]) == [
        item.upper() for item in items
    ]
