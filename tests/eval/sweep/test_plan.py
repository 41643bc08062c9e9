"""A sweep measures everything once and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.sweep.plan import Family, SweepOptions, collections_of, plan
from eval.sweep.row_sets import RowSet
from rag.types import Leg, TensorStorage, Unit

if TYPE_CHECKING:
    from eval.sweep.configurations import Configuration

BOTH = SweepOptions(
    units=list(Unit),
    storages=[TensorStorage.FLOAT, TensorStorage.BIT],
    rows=[RowSet.FULL],
)


def planned(options: SweepOptions, rows: int = 5000) -> list[Family]:
    collections = collections_of(options)
    return plan(collections, {one.name: rows for one in collections}, options)


def names(families: list[Family]) -> list[str]:
    return [run.name for family in families for run in family.runs]


def test_every_unit_has_a_collection_for_every_storage_and_pooling() -> None:
    expected = ["chunk-float", "chunk-bit", "document-float", "document-bit"]
    assert [one.name for one in collections_of(BOTH)] == expected
    pooled = SweepOptions(token_poolings=[1, 2])
    assert [one.name for one in collections_of(pooled)] == ["chunk-float", "chunk-float-pooled2"]
    assert collections_of(pooled, "mine-")[1].stored == "mine-chunk-float-pooled2"


def test_every_run_has_a_name_of_its_own() -> None:
    assert len(set(names(planned(BOTH)))) == len(names(planned(BOTH)))


def test_rankings_without_token_vectors_are_measured_on_one_storage_of_each_unit() -> None:
    runs = [run for family in planned(BOTH) for run in family.runs]
    plain = {run.collection.name for run in runs if not run.configuration.uses_tokens}
    assert plain == {"chunk-float", "document-float"}
    of_bits = {c.name for c in configurations(planned(BOTH), "chunk-bit")}
    assert of_bits >= {"dense_tensor_100", "tensor_none_100", "dense+sparse_rrf_tensor+fuse_1000"}


def test_the_index_over_token_vectors_is_used_last_and_only_where_there_can_be_one() -> None:
    indexed = [family for family in planned(BOTH) if family.indexed]
    assert {family.collection.name for family in indexed} == {"chunk-float"}
    assert planned(BOTH)[-len(indexed) :] == indexed


def test_more_candidates_than_rows_are_asked_for_once() -> None:
    depths = {c.candidates for c in configurations(planned(BOTH, rows=80), "chunk-float")}
    assert depths == {100}
    depths = {c.candidates for c in configurations(planned(BOTH, rows=101), "chunk-float")}
    assert depths == {100, 1000}


def test_a_family_is_one_first_stage_and_what_reranks_it() -> None:
    for family in planned(BOTH):
        assert len({run.first_stage for run in family.runs}) == 1
    sizes = [len(family.runs) for family in planned(SweepOptions())]
    assert max(sizes) == 3


def test_the_exhaustive_tensor_leg_appears_once_a_collection() -> None:
    exhaustive = [
        run.collection.name
        for family in planned(BOTH)
        for run in family.runs
        if Leg.TENSOR in run.configuration.legs and not run.configuration.indexed
    ]
    assert sorted(exhaustive) == sorted(one.name for one in collections_of(BOTH))


def configurations(families: list[Family], collection: str) -> list[Configuration]:
    return [
        run.configuration
        for family in families
        for run in family.runs
        if run.collection.name == collection
    ]
