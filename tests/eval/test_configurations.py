"""The sweep covers every combination, each under a name of its own."""

from __future__ import annotations

from itertools import combinations

from eval.configurations import RECALL_LEGS, RERANKS, Configuration, Variant, families
from rag.settings import SearchSettings
from rag.types import Fusion, Leg, Rerank

BOTH = [c for family in families([100, 1000]) for c in family.configurations]


def test_every_set_of_recall_legs_with_every_rerank_and_number_of_candidates() -> None:
    plain = {(c.legs, c.rerank, c.candidates) for c in BOTH if c.variant is Variant.PLAIN}
    subsets = [legs for size in (1, 2, 3) for legs in combinations(RECALL_LEGS, size)]
    expected = {(legs, r, n) for legs in subsets for r in RERANKS for n in (100, 1000)}
    assert expected < plain


def test_the_tensor_leg_and_other_fusions_run_with_the_fewest_candidates_only() -> None:
    others = [c for c in BOTH if Leg.TENSOR in c.legs or c.variant is not Variant.PLAIN]
    assert {c.candidates for c in others} == {100}
    assert {c.variant for c in others} == set(Variant)
    assert {c.legs for c in others} == {(Leg.TENSOR,), (*RECALL_LEGS, Leg.TENSOR), RECALL_LEGS}


def test_every_configuration_has_a_name_of_its_own_fit_for_files_and_run_tags() -> None:
    assert len({c.name for c in BOTH}) == len(BOTH)
    assert all(set(c.name) <= set("abcdefghijklmnopqrstuvwxyz+_0123456789") for c in BOTH)


def test_the_changes_are_search_settings_that_override_those_of_the_user() -> None:
    mine = SearchSettings(fusion=Fusion.WEIGHTED_SUM, weights={Leg.DENSE: 3.0}, tensor_weight=1)
    for configuration in BOTH:
        changed = SearchSettings(**{**mine.model_dump(), **configuration.changes})
        assert changed.legs == configuration.legs
        assert changed.top_k == changed.candidates == configuration.candidates
    plain = Configuration(RECALL_LEGS, Rerank.TENSOR_FUSE, 100)
    assert (plain.changes["fusion"], plain.changes["tensor_weight"]) == (Fusion.RRF, 0.5)
