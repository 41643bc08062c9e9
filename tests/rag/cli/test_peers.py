"""`trident eval peers` as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.eval.peers.collection import write_collection
from tests.rag.cli.command import trident

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def compare(folder: Path, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    files = [f"--{name}={folder / name}.jsonl" for name in ("corpus", "queries")]
    command = [*files, f"--qrels={folder / 'qrels.tsv'}", f"--out={folder / 'out'}", *options]
    return trident("eval", "peers", *command, store=folder / "store", code=code)


@pytest.mark.slow
def test_the_table_then_the_same_as_json(tmp_path: Path) -> None:
    write_collection(tmp_path)
    shown = compare(tmp_path, "--peer=bm25s", "--limit-queries=2").stdout
    assert shown.startswith("Partial: ")
    assert "| peer | way | nDCG@10 |" in shown
    assert "nDCG@10 at least that of every peer" in shown
    assert shown.rstrip().endswith("report.md")
    report = json.loads(compare(tmp_path, "--peer=bm25s", "--limit-queries=2", "--json").stdout)
    assert {row["peer"] for row in report["rows"]} == {"trident", "bm25s"}
    assert report["dataset"]["partial"]


def test_an_unknown_peer_is_bad_input(tmp_path: Path) -> None:
    write_collection(tmp_path)
    refused = compare(tmp_path, "--peer=nobody", code=2).stderr
    assert "There is no peer 'nobody'; there are trident, bm25s" in " ".join(refused.split())
    assert not (tmp_path / "out").exists()
