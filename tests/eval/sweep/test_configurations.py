"""A configuration is search settings under a name of its own."""

from __future__ import annotations

from eval.sweep.configurations import RECALL_LEGS, Configuration, Variant
from eval.sweep.row_sets import RowSet, chosen
from rag.settings import SearchSettings
from rag.types import Fusion, Leg, Rerank

ALL = chosen([RowSet.FULL], [100, 1000])


def test_every_configuration_has_a_name_of_its_own_fit_for_files_and_run_tags() -> None:
    assert len({c.name for c in ALL}) == len(ALL)
    assert all(set(c.name) <= set("abcdefghijklmnopqrstuvwxyz+_0123456789") for c in ALL)


def test_names_say_what_differs() -> None:
    assert Configuration((Leg.DENSE,), Rerank.TENSOR, 100).name == "dense_tensor_100"
    fused = Configuration((Leg.DENSE, Leg.TENSOR), Rerank.NONE, 100, Variant.MINMAX, indexed=True)
    assert fused.name == "dense+emvb_minmax_none_100"


def test_the_changes_are_search_settings_that_override_those_of_the_user() -> None:
    mine = SearchSettings(fusion=Fusion.WEIGHTED_SUM, weights={Leg.DENSE: 3.0}, tensor_weight=1)
    for configuration in ALL:
        changed = SearchSettings(**{**mine.model_dump(), **configuration.changes})
        assert changed.legs == configuration.legs
        assert changed.top_k == changed.candidates == configuration.candidates
    plain = Configuration(RECALL_LEGS, Rerank.TENSOR_FUSE, 100)
    assert (plain.changes["fusion"], plain.changes["tensor_weight"]) == (Fusion.RRF, 0.8)


def test_the_first_stage_is_the_same_without_its_rerank() -> None:
    first = Configuration(RECALL_LEGS, Rerank.NONE, 100)
    for variant in (Variant.RRF, Variant.MAXSIM_HALF):
        assert Configuration(RECALL_LEGS, Rerank.TENSOR_FUSE, 100, variant).first_stage == first
    minmax = Configuration(RECALL_LEGS, Rerank.TENSOR, 100, Variant.MINMAX)
    assert minmax.first_stage == Configuration(RECALL_LEGS, Rerank.NONE, 100, Variant.MINMAX)


def test_only_what_uses_tokens_depends_on_how_they_are_kept() -> None:
    assert not Configuration(RECALL_LEGS, Rerank.NONE, 100).uses_tokens
    assert Configuration(RECALL_LEGS, Rerank.TENSOR, 100).uses_tokens
    assert Configuration((Leg.TENSOR,), Rerank.NONE, 100).uses_tokens
