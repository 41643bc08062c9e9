"""`trident eval` as a user runs it: each in a process, as an engine serves one database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.eval.collection import write_beir, write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

# Three runs in one process, as loading the models is what takes the time.
PROGRAM = """
import sys
from typer.testing import CliRunner
from rag.cli.evaluate import app
from rag.errors import TridentError

folder = sys.argv[1]
files = [f"--corpus={folder}/corpus.jsonl", f"--queries={folder}/queries.jsonl",
         f"--qrels={folder}/qrels.tsv", f"--out={folder}/out", "--candidates=100"]
for extra in ([], ["--json"], ["--limit-queries=2"]):
    result = CliRunner().invoke(app, ["retrieval", *files, *extra])
    if result.exception and not isinstance(result.exception, TridentError):
        raise result.exception
    print(result.stdout if not result.exception else str(result.exception), end="\\0")
"""


def test_table_then_json_then_a_refusal_to_mix_evaluations(tmp_path: Path) -> None:
    write_beir(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TRIDENT_ENCODER__OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr
    table, report, refusal, _ = done.stdout.split("\0")
    assert table.startswith("| legs | fusion | rerank | candidates | nDCG@10 |")
    assert str(tmp_path / "out" / "report.md") in table
    assert len(json.loads(report)["rows"]) == 42
    assert not json.loads(report)["dataset"]["partial"]
    assert json.loads(report)["published"] == []
    assert "choose another folder" in refusal


def test_a_broken_line_is_named_before_any_model_is_loaded(tmp_path: Path) -> None:
    write_beir(tmp_path)
    write_jsonl(tmp_path / "queries.jsonl", [{"_id": "a", "text": "?"}, '{"_id": "b", '])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "queries.jsonl:2 is not JSON" in done.stdout.split("\0")[0]
    assert not (tmp_path / "out").exists()
