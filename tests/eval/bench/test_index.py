"""The indexing benchmark: what was indexed, and time that adds up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.bench import index as bench_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

COLLECTION = "bench-index-test"
BESIDE_ENCODING = ("parse", "chunk", "write")  # in threads of their own: they overlap the rest


@pytest.fixture(scope="module")
def bench(
    store: EmbeddedStore, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[bench_index.IndexBench]:
    files = write_files(tmp_path_factory.mktemp("files"))
    yield bench_index.measure(store, encoder, files, COLLECTION)
    store.drop_collection(COLLECTION)


def write_files(folder: Path) -> list[Path]:
    files = [folder / f"{n}.md" for n in range(3)]
    for n, file in enumerate(files):
        file.write_text(f"# Note {n}\n\nThe {n}. tide comes with the moon.\n", encoding="utf-8")
    return files


def test_all_files_are_indexed_and_counted(
    bench: bench_index.IndexBench, store: EmbeddedStore, encoder: Encoder
) -> None:
    assert (bench.documents, bench.chunks) == (3, 3)
    assert store.describe(COLLECTION).rows == 3
    assert bench.encoder == encoder.info.identity


def test_the_share_outside_the_models_is_what_the_forward_passes_leave(
    bench: bench_index.IndexBench,
) -> None:
    assert 0 < bench.forward_seconds < bench.total_seconds
    assert bench.outside_forward_share == pytest.approx(
        1 - bench.forward_seconds / bench.total_seconds
    )


def test_stages_add_up_to_no_more_than_the_whole(bench: bench_index.IndexBench) -> None:
    assert {"find", "encode", "write", "wait"} <= set(bench.stage_seconds)
    seconds = bench.stage_seconds
    beside = {stage: seconds[stage] for stage in BESIDE_ENCODING}
    assert max(beside.values()) <= bench.total_seconds
    assert sum(seconds.values()) - sum(beside.values()) <= bench.total_seconds
    assert bench.stage_seconds["encode"] >= bench.forward_seconds
    assert bench.chunks_per_second == pytest.approx(bench.chunks / bench.total_seconds)


def test_the_result_is_plain_json(bench: bench_index.IndexBench) -> None:
    assert json.loads(json.dumps(bench.to_dict()))["chunks"] == 3


def test_progress_is_told_in_bytes_to_the_end(
    store: EmbeddedStore, encoder: Encoder, collection_name: str, tmp_path: Path
) -> None:
    files = write_files(tmp_path)
    size = sum(file.stat().st_size for file in files)
    steps: list[tuple[str, int, int]] = []
    bench_index.measure(
        store, encoder, files, collection_name, progress=lambda *step: steps.append(step)
    )
    assert steps[-1] == ("index", size, size)
