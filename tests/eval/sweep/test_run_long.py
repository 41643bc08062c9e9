"""The sweep on a few long articles in MLDR's layout, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.formats import read_mldr
from eval.data.selection import Limits
from eval.report.report import write_report
from eval.sweep.plan import SweepOptions
from eval.sweep.run import measure, prepare
from eval.sweep.workspace import Workspace
from rag.settings import Settings
from tests.eval.shared_data import data_path

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def test_every_configuration_finds_the_long_documents_and_the_result_is_marked_as_partial(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, collection_name: str
) -> None:
    dataset = read_mldr(data_path("mldr-layout-tiny"), "en")
    workspace = Workspace(tmp_path)
    data = prepare(dataset, workspace, Limits(docs=2, queries=3))
    options = SweepOptions(candidates=[100], rows=["quick", "emvb_none_100"])
    sweep = measure(data, Settings(), store, encoder, options, prefix=f"{collection_name}-")
    report = write_report(sweep)
    store.drop_collection(f"{collection_name}-chunk-float")
    assert report["dataset"]["documents"] == 2
    assert report["collections"]["chunk-float"]["rows"] > 50
    assert len(report["rows"]) == 7
    assert report["left_out"] == {}  # there are token vectors enough for the index
    assert all(row["recall@100"] == 1 for row in report["rows"])
    assert report["rows"][0]["nDCG@10"] == 1
    assert report["dataset"]["partial"]
    assert "**Partial:" in workspace.report("md").read_text()
