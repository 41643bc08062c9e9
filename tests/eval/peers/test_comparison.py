"""The comparison from end to end: each peer in a process of its own, ours among them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import ir_measures
import pytest

from eval.data.formats import read_files
from eval.metrics import MAIN_MEASURE
from eval.peers.base import Way
from eval.peers.comparison import compare
from eval.peers.markdown import render
from eval.peers.registry import OURS, PEERS, PeerSpec
from eval.peers.report import write_report
from eval.sweep.run import prepare
from eval.sweep.workspace import Workspace
from rag.errors import InputError
from rag.settings import SearchSettings, Settings
from tests.eval.collection import QUESTIONS
from tests.eval.peers.collection import ALL, write_collection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, TypeAlias

    from rag.encoders.base import Encoder

    Again: TypeAlias = Callable[..., dict[str, Any]]

# Loading its model takes most of the time; test_peers.py has it.
SLOW = "sentence-transformers"
INSTALLED = [spec for spec in PEERS.values() if spec.name != SLOW and not spec.missing]
MISSING = PeerSpec("absent", "", ("no-such-package",), (Way.DENSE,), "nowhere:Nobody")
# Known here but not in the worker's registry, so that its process ends early.
BROKEN = PeerSpec("broken", "", ("numpy",), (Way.DENSE,), "nowhere:Nobody")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("peers")


@pytest.fixture(scope="module")
def again(root: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """Compare, the same every time unless told otherwise."""
    dataset = read_files(*write_collection(tmp_path_factory.mktemp("collection")))

    def compare_(settings: Settings | None = None) -> dict[str, Any]:
        data = prepare(dataset, Workspace(root))
        specs = [*INSTALLED, MISSING, BROKEN]
        return write_report(compare(data, settings or Settings(), encoder, specs))

    return compare_


@pytest.fixture(scope="module")
def report(again: Again) -> dict[str, Any]:
    return again()


def test_every_installed_peer_has_a_row_for_each_of_its_ways(report: dict[str, Any]) -> None:
    assert {(row["peer"], row["way"]) for row in report["rows"]} == {
        (spec.name, way) for spec in INSTALLED for way in spec.ways
    }
    assert report["passages"] == report["dataset"]["documents"] == len(ALL)
    assert all(row["search_ms"]["calls"] == len(QUESTIONS) for row in report["rows"])


def test_a_run_file_scored_from_disk_gives_the_reported_number(
    report: dict[str, Any], root: Path
) -> None:
    measure = ir_measures.nDCG @ 10
    qrels = list(ir_measures.read_trec_qrels(str(root / "qrels.trec")))
    for row in report["rows"]:
        run = ir_measures.read_trec_run(str(root / row["run"]))
        scored = ir_measures.calc_aggregate([measure], qrels, run)[measure]
        assert scored == pytest.approx(row[MAIN_MEASURE], abs=1e-12)


def test_engines_that_search_exactly_by_the_same_vectors_rank_alike(
    report: dict[str, Any], root: Path
) -> None:
    """MaxSim over all twenty documents, whoever computes it."""
    names = [row["name"] for row in report["rows"] if row["way"] == Way.RERANK]
    rankings = {name: _documents(root / "runs" / f"{name}.trec") for name in names}
    assert OURS in {name.partition("_")[0] for name in names}
    for ranking in rankings.values():
        assert ranking == rankings[f"{OURS}_{Way.RERANK}"]


def test_others_are_held_against_ours_and_ours_against_nobody(report: dict[str, Any]) -> None:
    assert all((row["against_ours"] is None) == (row["peer"] == OURS) for row in report["rows"])
    ours = next(row for row in report["rows"] if row["name"] == f"{OURS}_{Way.JOINED}")
    for row in report["rows"]:
        if against := row["against_ours"]:
            assert against["lead"] == pytest.approx(ours[MAIN_MEASURE] - row[MAIN_MEASURE])
            ratio = row["search_ms"]["p95"] / ours["search_ms"]["p95"]
            assert against["times_as_fast"] == pytest.approx(ratio)


def test_what_is_not_installed_and_what_crashes_is_told_and_costs_only_itself(
    report: dict[str, Any], root: Path
) -> None:
    assert report["skipped"] == {"absent": "pip install no-such-package"}
    assert report["failed"] == {
        "broken": "The process of broken ended early; it said: KeyError: 'broken'"
    }
    text = (root / "report.md").read_text()
    assert text == render(json.loads((root / "report.json").read_text()))
    assert "`pip install no-such-package`" in text


def test_each_peer_s_costs_are_its_own(report: dict[str, Any]) -> None:
    for peer in report["peers"].values():
        assert peer["disk_bytes"] > 0
        assert peer["index_seconds"] > 0
        assert min(peer["peak_bytes"].values()) > 2**20
    assert report["encode_seconds"] > 0


def test_nothing_is_made_again(report: dict[str, Any], again: Again, root: Path) -> None:
    before = _written(root)
    repeated = again()
    assert repeated["rows"] == report["rows"]
    changed = {path.name for path, time in _written(root).items() if before.get(path) != time}
    assert changed <= {"report.json", "report.md", "qrels.trec"}


def test_one_index_made_anew_has_all_peers_asked_again(
    report: dict[str, Any], again: Again, root: Path
) -> None:
    """Times of different moments would not compare."""
    before = _written(root)
    (root / "peers" / "bm25s.json").unlink()
    repeated = again()
    quality = {row["name"]: row[MAIN_MEASURE] for row in repeated["rows"]}
    assert quality == {row["name"]: row[MAIN_MEASURE] for row in report["rows"]}
    after = _written(root)
    assert all(before[path] != after[path] for path in (root / "runs").iterdir())
    assert after[root / "peers" / "qdrant.json"] == before[root / "peers" / "qdrant.json"]


def test_a_folder_of_other_settings_is_refused(report: dict[str, Any], again: Again) -> None:
    with pytest.raises(InputError, match="another search; choose another folder"):
        again(Settings(search=SearchSettings(candidates=20)))


def _documents(run: Path) -> dict[str, list[str]]:
    ranking: dict[str, list[str]] = {}
    for line in run.read_text().splitlines():
        query_id, _, doc_id, *_ = line.split()
        ranking.setdefault(query_id, []).append(doc_id)
    return ranking


def _written(root: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
