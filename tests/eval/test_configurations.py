"""The sweep covers every combination, each under a name of its own."""

from __future__ import annotations

from eval.configurations import Ordering, families
from rag.types import Leg, Rerank


def test_every_set_of_legs_with_every_ordering_and_number_of_candidates() -> None:
    configurations = [c for family in families([100, 1000]) for c in family.configurations]
    assert len(configurations) == 7 * 3 * 2
    assert len({c.name for c in configurations}) == len(configurations)
    assert {frozenset(c.legs) for c in configurations} == {
        frozenset(leg for leg in Leg if leg in chosen)
        for chosen in ({a, b, c} for a in Leg for b in Leg for c in Leg)
    }


def test_names_are_fit_for_files_and_run_tags() -> None:
    assert all(
        set(c.name) <= set("abcdefghijklmnopqrstuvwxyz+_0123456789")
        for family in families([100])
        for c in family.configurations
    )


def test_only_the_fusion_with_the_rerank_takes_two_searches() -> None:
    (family, *_) = families([100])
    by_ordering = {c.ordering: c for c in family.configurations}
    assert by_ordering[Ordering.TENSOR].searches == (Rerank.TENSOR,)
    assert {o for o, c in by_ordering.items() if c.experimental} == {Ordering.TENSOR_FUSE}
