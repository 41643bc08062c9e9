"""The search benchmark: figures of each cell, growth between cells, and what was aimed at."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from eval.bench import search as bench_search
from eval.bench.column_bytes import column_bytes
from eval.bench.hnsw_recall import hnsw_recall
from eval.bench.search import QUESTIONS, Cell, aims_of, growth_of
from eval.bench.search_stages import (
    FUSION,
    JOINED,
    RERANK_FEW,
    RERANK_MANY,
    STAGES,
    synthetic_query,
    time_engine,
    time_stages,
)
from eval.bench.search_worker import Task, run_in_process
from eval.stats import Timing
from eval.synthetic.collection import provide
from rag.encoders.base import EncoderInfo
from rag.errors import FailureError
from rag.settings import SearchSettings
from rag.types import Layout, TensorStorage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore

ROWS, SEARCHES = 120, 4
OPTIONS = SearchSettings()
ENCODER = EncoderInfo("widths", (), dense_dim=24, sparse_dim=30_522, token_dim=8, max_tokens=0)


@pytest.fixture(scope="module")
def collection(store: EmbeddedStore) -> Iterator[str]:
    name = provide(store, ENCODER, ROWS).name
    yield name
    store.drop_collection(name)


def cell(rows: int, p50: float, *, recall: float = 1.0, outside: float = 0.0) -> Cell:
    timing = Timing(p50, p50, p50, 1)
    stages = dict.fromkeys(STAGES, timing)
    return Cell(rows, "float", None, stages, timing, outside, recall, {}, 0, {})


@pytest.mark.parametrize("stage", STAGES)
def test_synthetic_questions_find_rows_in_every_stage(
    store: EmbeddedStore, collection: str, stage: str
) -> None:
    assert store.search(collection, synthetic_query(ENCODER, 0, STAGES[stage], OPTIONS))


def test_every_leg_their_fusion_and_two_reranks_are_timed(
    store: EmbeddedStore, collection: str
) -> None:
    queries = {
        name: [synthetic_query(ENCODER, i, stage, OPTIONS) for i in range(SEARCHES)]
        for name, stage in STAGES.items()
    }
    steps: list[tuple[str, int, int]] = []
    times = time_stages(store, collection, queries, lambda *step: steps.append(step))
    assert list(times) == ["dense", "sparse", "fulltext", FUSION, RERANK_FEW, JOINED, RERANK_MANY]
    assert {timing.calls for timing in times.values()} == {SEARCHES}
    assert (steps[0], steps[-1]) == (("search", 0, SEARCHES), ("search", SEARCHES, SEARCHES))


def test_the_share_outside_the_engine_is_a_share(store: EmbeddedStore, collection: str) -> None:
    queries = [synthetic_query(ENCODER, i, STAGES[RERANK_FEW], OPTIONS) for i in range(SEARCHES)]
    time = time_engine(store, collection, queries)
    assert 0 <= time.outside_share < 1
    assert time.engine_ms.calls == SEARCHES
    assert time.engine_ms.min > 0


def test_the_dense_leg_finds_all_neighbours_of_a_small_collection(
    store: EmbeddedStore, collection: str
) -> None:
    assert hnsw_recall(store, collection, ROWS, ENCODER, OPTIONS) > 0.99


def test_bits_take_a_thirty_second_of_floats() -> None:
    floats, bits = (
        column_bytes(ENCODER, ROWS, storage) for storage in (TensorStorage.FLOAT, TensorStorage.BIT)
    )
    assert floats["tokens"] == pytest.approx(32 * bits["tokens"], rel=1e-3)
    assert floats["dense"] == bits["dense"] == ROWS * ENCODER.dense_dim * 4


def test_growth_is_of_the_most_rows_over_the_fewest() -> None:
    cells = [cell(100, 6.0), cell(20, 2.0), cell(50, 5.0)]
    assert growth_of(cells) == {"float": dict.fromkeys(STAGES, 3.0)}
    assert growth_of(cells[:1]) == {}


def test_an_aim_is_held_against_the_worst_cell() -> None:
    cells = [cell(20, 2.0, recall=0.99, outside=0.1), cell(100, 3.0, recall=0.94, outside=0.2)]
    aims = {aim.name: (aim.worst, aim.met) for aim in aims_of(cells, growth_of(cells))}
    assert aims == {"growth": (1.5, True), "recall": (0.94, False), "outside_share": (0.2, False)}


def test_a_cell_is_filled_then_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    task = Task("fill", str(tmp_path), 20, "bit", 2, (16, 100, 8), {})
    steps: list[Any] = []
    assert run_in_process(task, lambda *step: steps.append(step)) > 0
    assert steps == [("insert", 0, 20), ("insert", 20, 20)]
    assert run_in_process(task) is None  # it is there
    measured = run_in_process(replace(task, action="measure"))
    assert measured["stages_ms"].keys() == STAGES.keys()
    assert 0 < measured["memory_bytes"]["opened"] <= measured["memory_bytes"]["searched"]


def test_a_cell_that_cannot_be_made_is_reported_with_the_reason(tmp_path: Path) -> None:
    task = Task("fill", str(tmp_path), 20, "bit", 2, (16, 100, 9), {})
    with pytest.raises(FailureError, match=r"to fill 20 rows said: .*cannot be kept as bits"):
        run_in_process(task)


def test_the_result_is_plain_json() -> None:
    plain = json.loads(json.dumps(replace_times(cell(20, 2.0))))
    assert plain["stages_ms"][FUSION]["p50"] == 2.0
    assert len(set(QUESTIONS)) == len(QUESTIONS)


def replace_times(one: Cell) -> dict[str, Any]:
    timing = Timing(1.0, 1.0, 1.0, 1)
    environment = bench_search.environment()
    bench = bench_search.SearchBench(environment, "e", 10, (100,), [one], [], {}, [], timing)
    result: dict[str, Any] = bench.to_dict()["cells"][0]
    return result


def test_storages_have_collections_of_their_own(store: EmbeddedStore) -> None:
    made = [
        provide(store, ENCODER, 10, Layout(tensor_storage=storage)).name
        for storage in TensorStorage
    ]
    assert len(set(made)) == len(TensorStorage)
    for name in made:
        store.drop_collection(name)
