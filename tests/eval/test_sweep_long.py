"""The sweep on a few long articles in MLDR's layout, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.formats import read_mldr
from eval.report import write_report
from eval.selection import Limits
from eval.sweep import measure, prepare
from eval.workspace import Workspace
from rag.settings import Settings
from tests.eval.data import data_path

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def test_every_configuration_finds_the_long_documents_and_the_result_is_marked_as_partial(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, collection_name: str
) -> None:
    dataset = read_mldr(data_path("mldr-layout-tiny"), "en")
    workspace = Workspace(tmp_path)
    data = prepare(dataset, workspace, Limits(docs=3, queries=4))
    sweep = measure(data, Settings(), store, encoder, collection=collection_name, candidates=[100])
    report = write_report(sweep)
    store.drop_collection(collection_name)
    assert report["dataset"]["documents"] == 3
    assert report["index"]["rows"] > 100
    assert len(report["rows"]) == 42
    assert all(row["recall@100"] == 1 for row in report["rows"])
    assert report["rows"][0]["nDCG@10"] == 1
    assert report["dataset"]["partial"]
    assert "**Partial:" in workspace.report("md").read_text()
