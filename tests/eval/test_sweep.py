"""The sweep with the real engine and models: what it reports, and how it goes on."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import ir_measures
import pytest

from eval.configurations import families
from eval.formats import read_mldr
from eval.report import write_report
from eval.selection import Limits
from eval.sweep import measure, prepare
from eval.workspace import Workspace
from rag.errors import InputError
from rag.settings import Settings
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_mldr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any, TypeAlias

    from eval.sweep import Sweep
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

    Again: TypeAlias = Callable[..., Sweep]
    Report: TypeAlias = dict[str, Any]

CONFIGURATIONS = sum(len(family.configurations) for family in families([100]))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def again(
    store: EmbeddedStore,
    encoder: Encoder,
    workspace: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Again]:
    """Sweep, the same every time unless told otherwise."""
    collection = f"sweep{uuid.uuid4().hex[:8]}"
    dataset = read_mldr(write_mldr(tmp_path_factory.mktemp("mldr"), "en"), "en")

    def sweep(limits: Limits | None = None, steps: list[str] | None = None) -> Sweep:
        told = [] if steps is None else steps
        return measure(
            prepare(dataset, workspace, limits),
            Settings(),
            store,
            encoder,
            collection=collection,
            candidates=[100],
            progress=lambda step, *_: told.append(step),
        )

    yield sweep
    store.drop_collection(collection)


@pytest.fixture(scope="module")
def sweep(again: Again) -> Sweep:
    return again()


@pytest.fixture(scope="module")
def report(sweep: Sweep) -> Report:
    return write_report(sweep)


def test_every_configuration_is_measured_on_all_documents_and_questions(report: Report) -> None:
    assert len(report["rows"]) == CONFIGURATIONS
    assert report["dataset"]["documents"] == report["index"]["rows"] == len(TEXTS)
    assert report["dataset"]["questions"] == len(QUESTIONS)
    assert not report["dataset"]["partial"]
    assert all(row["recall@10"] == 1 for row in report["rows"] if "dense" in row["legs"])


def test_a_run_file_scored_from_disk_gives_the_reported_number(
    report: Report, workspace: Workspace
) -> None:
    """By the library's own readers, as a stranger would."""
    measure = ir_measures.nDCG @ 10
    for row in report["rows"]:
        qrels = ir_measures.read_trec_qrels(str(workspace.qrels))
        run = ir_measures.read_trec_run(str(workspace.root / row["run"]))
        scored = ir_measures.calc_aggregate([measure], qrels, run)[measure]
        assert scored == pytest.approx(row["nDCG@10"], abs=1e-12)


def test_values_by_question_average_to_the_reported_number(
    report: Report, workspace: Workspace
) -> None:
    heading, *lines = [line.split("\t") for line in workspace.per_query.read_text().splitlines()]
    assert len(lines) == len(QUESTIONS)
    for row in report["rows"]:
        column = heading.index(row["name"])
        mean = sum(float(line[column]) for line in lines) / len(lines)
        assert mean == pytest.approx(row["nDCG@10"], abs=1e-6)


def test_rows_are_sorted_and_compared_with_the_best_single_leg(report: Report) -> None:
    scores = [row["nDCG@10"] for row in report["rows"]]
    assert scores == sorted(scores, reverse=True)
    rows = {row["name"]: row for row in report["rows"]}
    singles = [f"{leg}_none_100" for leg in ("dense", "sparse", "fulltext")]
    assert rows[report["baseline"]]["nDCG@10"] == max(rows[name]["nDCG@10"] for name in singles)
    assert [n for n, row in rows.items() if row["against_baseline"] is None] == [report["baseline"]]


def test_every_search_is_timed(report: Report) -> None:
    for row in report["rows"]:
        assert row["search_ms"]["calls"] == len(QUESTIONS)
        assert 0 < row["search_ms"]["p50"] <= row["search_ms"]["p95"]


def test_the_report_on_disk_is_the_one_returned(report: Report, workspace: Workspace) -> None:
    assert json.loads(workspace.report("json").read_text()) == report


def test_published_figures_stand_beside_ours_with_their_difference_said(
    report: Report, workspace: Workspace
) -> None:
    m3 = {f["system"]: f for f in report["published"][0]["figures"]}["BGE-M3 dense"]
    ours = {row["name"]: row["nDCG@10"] for row in report["rows"]}
    assert m3["nDCG@10"] == 0.489
    assert m3["our nDCG@10"] == ours[m3["ours"]] == ours["dense_none_100"]
    assert "corpus and models differ" in workspace.report("md").read_text()


def test_a_finished_sweep_computes_nothing_again(
    sweep: Sweep, again: Again, workspace: Workspace
) -> None:
    before = written(workspace)
    steps: list[str] = []
    assert again(steps=steps).index.chunks == 0
    assert set(steps) <= {"index"}
    assert written(workspace) == before


def test_only_the_run_that_is_missing_is_made_and_it_comes_out_the_same(
    sweep: Sweep, again: Again, workspace: Workspace
) -> None:
    name = "dense+fulltext_tensor+fuse_100"
    before, run = written(workspace), workspace.run(name).read_text()
    workspace.record(name).unlink()  # as when killed between the two files
    again()
    changed = {path for path, time in written(workspace).items() if before[path] != time}
    assert changed == {workspace.run(name), workspace.record(name)}
    assert workspace.run(name).read_text() == run


def test_a_folder_of_another_selection_is_refused(sweep: Sweep, again: Again) -> None:
    with pytest.raises(InputError, match="choose another folder"):
        again(Limits(docs=3))


def written(workspace: Workspace) -> dict[Path, int]:
    """When each file of the runs was written."""
    return {path: path.stat().st_mtime_ns for path in (workspace.root / "runs").iterdir()}
