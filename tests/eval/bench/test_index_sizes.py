"""The indexing benchmark by size, on sizes that only show that it works."""

from __future__ import annotations

import json

import pytest

from eval.bench import index_sizes as bench_index_sizes
from rag.settings import Settings
from rag.types import TensorStorage


@pytest.fixture(scope="module")
def bench() -> bench_index_sizes.SizesBench:
    return bench_index_sizes.run(
        Settings(), rows=[50, 100], storage=TensorStorage.BIT, fake_encoder=True
    )


def test_each_size_is_indexed_in_a_process_of_its_own(bench: bench_index_sizes.SizesBench) -> None:
    assert [size.chunks for size in bench.sizes] == [50, 100]
    assert [size.documents for size in bench.sizes] == [5, 10]
    assert all(0 < size.base_bytes <= size.peak_bytes for size in bench.sizes)


def test_shares_are_parts_of_the_whole(bench: bench_index_sizes.SizesBench) -> None:
    for size in bench.sizes:
        assert {"parse", "chunk", "encode", "write", "wait"} <= size.stage_shares.keys()
        assert all(0 <= share <= 1 for share in size.stage_shares.values())
        assert size.chunks_per_second == pytest.approx(size.chunks / size.total_seconds)


def test_bytes_of_columns_are_told(bench: bench_index_sizes.SizesBench) -> None:
    small, large = (size.column_bytes for size in bench.sizes)
    assert small.keys() == large.keys() == {"text", "fulltext", "dense", "sparse", "tokens"}
    assert large["dense"] == 100 * 384 * 4


def test_growth_compares_neighbours() -> None:
    assert bench_index_sizes.growth([100, 110, 99]) == pytest.approx([0.1, -0.1])


def test_the_result_is_plain_json(bench: bench_index_sizes.SizesBench) -> None:
    assert json.loads(json.dumps(bench.to_dict()))["encoder"] == "fake"
