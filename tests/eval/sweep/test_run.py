"""The sweep with the real engine and models: what it reports, and how it goes on."""

from __future__ import annotations

import json
import uuid
from html import unescape
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
import pytrec_eval

from eval.data.formats import read_mldr
from eval.data.selection import Limits
from eval.data.subsets import Subset
from eval.report.report import write_report
from eval.sweep.plan import SweepOptions
from eval.sweep.row_sets import RowSet
from eval.sweep.run import measure, prepare
from eval.sweep.workspace import Workspace
from rag.errors import InputError
from rag.settings import Settings
from rag.types import TensorStorage, Unit
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_mldr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any, TypeAlias

    from eval.sweep.run import Sweep
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

    Again: TypeAlias = Callable[..., Sweep]
    Report: TypeAlias = dict[str, Any]

OPTIONS = SweepOptions(
    units=list(Unit),
    storages=[TensorStorage.FLOAT, TensorStorage.BIT],
    candidates=[100],
    rows=[RowSet.QUICK, "dense_*", "tensor_*", "emvb_*"],
)
COLLECTIONS = ["chunk-float", "chunk-bit", "document-float", "document-bit"]
SUBSET = Subset("moon", frozenset({"q-king", "moon"}))  # a question and a document


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
    prefix = f"sweep{uuid.uuid4().hex[:8]}-"
    dataset = read_mldr(write_mldr(tmp_path_factory.mktemp("mldr"), "en"), "en")

    def sweep(limits: Limits | None = None, steps: list[str] | None = None) -> Sweep:
        told = [] if steps is None else steps
        return measure(
            prepare(dataset, workspace, limits),
            Settings(),
            store,
            encoder,
            OPTIONS,
            prefix=prefix,
            progress=lambda step, *_: told.append(step),
        )

    yield sweep
    for name in COLLECTIONS:
        store.drop_collection(f"{prefix}{name}")


@pytest.fixture(scope="module")
def sweep(again: Again) -> Sweep:
    return again()


@pytest.fixture(scope="module")
def report(sweep: Sweep) -> Report:
    return write_report(sweep, [SUBSET])


@pytest.fixture(scope="module")
def rows(report: Report) -> dict[str, Report]:
    return {row["name"]: row for row in report["rows"]}


def test_every_planned_row_is_measured_on_all_documents_and_questions(report: Report) -> None:
    per_collection = {
        name: sum(row["collection"] == name for row in report["rows"]) for name in COLLECTIONS
    }
    assert per_collection == {
        "chunk-float": 9,
        "chunk-bit": 5,
        "document-float": 9,
        "document-bit": 5,
    }
    assert report["dataset"]["documents"] == len(TEXTS)
    assert report["dataset"]["questions"] == len(QUESTIONS)
    assert not report["dataset"]["partial"]
    assert all(row["recall@10"] == 1 for row in report["rows"] if "dense" in row["legs"])


def test_each_chunk_is_encoded_once_for_all_collections(report: Report) -> None:
    collections = report["collections"]
    assert list(collections) == COLLECTIONS
    for one in collections.values():
        assert one["together"] == COLLECTIONS
        assert one["chunks_written"] == one["rows"] == one["documents"] == len(TEXTS)


def test_bits_take_a_thirty_second_of_floats_and_each_row_counts_what_it_searches(
    report: Report, rows: dict[str, Report]
) -> None:
    columns = {name: one["columns"] for name, one in report["collections"].items()}
    assert columns["chunk-float"]["tokens"] == 32 * columns["chunk-bit"]["tokens"]
    dense, tokens = columns["chunk-float"]["dense"], columns["chunk-float"]["tokens"]
    assert rows["chunk-float_dense_none_100"]["index_bytes"] == dense
    assert rows["chunk-float_dense_tensor_100"]["index_bytes"] == dense + tokens
    assert rows["chunk-float_tensor_none_100"]["index_bytes"] == tokens


def test_a_row_that_the_engine_cannot_make_is_left_out_with_the_reason(report: Report) -> None:
    assert list(report["left_out"]) == ["chunk-float_emvb_none_100"]
    assert "fewer than 8192 token vectors" in report["left_out"]["chunk-float_emvb_none_100"]


def test_a_run_file_scored_from_disk_by_trec_eval_gives_the_reported_number(
    report: Report, workspace: Workspace
) -> None:
    """By the scorer's own code and readers, as a stranger would."""
    with workspace.qrels.open() as file:
        evaluator = pytrec_eval.RelevanceEvaluator(pytrec_eval.parse_qrel(file), {"ndcg_cut.10"})
    for row in report["rows"]:
        with (workspace.root / row["run"]).open() as file:
            found = evaluator.evaluate(pytrec_eval.parse_run(file))
        total = sum(values["ndcg_cut_10"] for values in found.values())
        assert total / len(QUESTIONS) == pytest.approx(row["nDCG@10"], abs=1e-12)


def test_values_by_question_average_to_the_reported_numbers_of_whole_and_subset(
    report: Report, workspace: Workspace
) -> None:
    heading, *lines = [line.split("\t") for line in workspace.per_query.read_text().splitlines()]
    assert [line[0] for line in lines] == list(QUESTIONS)
    for row in report["rows"]:
        column = heading.index(row["name"])
        values = {line[0]: float(line[column]) for line in lines}
        assert fmean(values.values()) == pytest.approx(row["nDCG@10"], abs=1e-6)
        part = fmean([values["q-king"], values["q-tides"]])
        assert part == pytest.approx(row["subsets"]["moon"]["nDCG@10"], abs=1e-6)


def test_a_subset_is_told_with_its_questions_and_a_baseline_of_its_own(report: Report) -> None:
    part = report["subsets"]["moon"]
    assert part["questions"] == 2
    without = [r["name"] for r in report["rows"] if not r["subsets"]["moon"]["against_baseline"]]
    assert without == [part["baseline"]]


def test_rows_are_sorted_and_compared_with_the_best_single_leg(
    report: Report, rows: dict[str, Report]
) -> None:
    scores = [row["nDCG@10"] for row in report["rows"]]
    assert scores == sorted(scores, reverse=True)
    singles = [
        f"{unit}-float_{leg}_none_100" for unit in Unit for leg in ("dense", "sparse", "fulltext")
    ]
    assert rows[report["baseline"]]["nDCG@10"] == max(rows[name]["nDCG@10"] for name in singles)
    assert [n for n, row in rows.items() if row["against_baseline"] is None] == [report["baseline"]]


def test_every_search_is_timed_by_stage(report: Report) -> None:
    for row in report["rows"]:
        assert row["search_ms"]["calls"] == row["legs_ms"]["calls"] == len(QUESTIONS)
        assert 0 < row["search_ms"]["p50"] <= row["search_ms"]["p95"]
        assert (row["rerank_ms"] is None) == (row["rerank"] == "none")


def test_the_report_on_disk_is_the_one_returned(report: Report, workspace: Workspace) -> None:
    assert json.loads(workspace.report("json").read_text()) == report
    assert report["baseline"] in unescape(workspace.report("html").read_text())


def test_published_figures_stand_beside_ours_with_their_difference_said(
    report: Report, workspace: Workspace, rows: dict[str, Report]
) -> None:
    figures = [f for source in report["published"] for f in source["figures"]]
    shapes = {f["system"]: f["ours"] for f in figures if f["ours"]}
    assert shapes["BGE-M3 dense"].endswith("-float_dense_none_100")
    assert shapes["Tensor (Brute-Force)"].endswith("_tensor_none_100")
    assert shapes["Sparse+Dense+Full-Text (TRF; k_0=10)"].endswith("fulltext_rrf_tensor_100")
    assert "Sparse+Dense+Full-Text (WS; k_0=10)" not in shapes  # no such row in this sweep
    m3 = next(figure for figure in figures if figure["system"] == "BGE-M3 dense")
    assert m3["nDCG@10"] == 0.489
    assert m3["our nDCG@10"] == rows[m3["ours"]]["nDCG@10"]
    assert "corpus and models differ" in workspace.report("md").read_text()


def test_a_finished_sweep_computes_nothing_again(
    sweep: Sweep, again: Again, workspace: Workspace
) -> None:
    before = written(workspace)
    steps: list[str] = []
    assert again(steps=steps).collections == sweep.collections
    assert steps == []
    assert written(workspace) == before


def test_only_the_run_that_is_missing_is_made_and_it_comes_out_the_same(
    sweep: Sweep, again: Again, workspace: Workspace
) -> None:
    name = "chunk-bit_dense+sparse+fulltext_rrf_tensor+fuse_100"
    before, run = written(workspace), workspace.run(name).read_text()
    workspace.record(name).unlink()  # as when killed between the two files
    again()
    changed = {path for path, time in written(workspace).items() if before[path] != time}
    assert changed == {workspace.run(name), workspace.record(name)}
    assert workspace.run(name).read_text() == run


def test_documents_that_one_collection_lacks_are_written_again(
    sweep: Sweep, again: Again, workspace: Workspace, store: EmbeddedStore
) -> None:
    lacking = sweep.runs[0].collection.stored.replace("chunk-float", "chunk-bit")
    store.delete(lacking, ["moon"])
    restored = again()
    assert restored.collections["chunk-bit"].chunks_written == 1
    assert restored.collections["chunk-float"] == sweep.collections["chunk-float"]
    assert set(store.documents(lacking)) == set(TEXTS)


def test_a_folder_of_another_selection_is_refused(sweep: Sweep, again: Again) -> None:
    with pytest.raises(InputError, match="choose another folder"):
        again(Limits(docs=3))


def written(workspace: Workspace) -> dict[Path, int]:
    """When each file of the runs was written."""
    return {path: path.stat().st_mtime_ns for path in (workspace.root / "runs").iterdir()}
