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

# Four runs in one process, as loading the models is what takes the time.
PROGRAM = """
import sys
from typer.testing import CliRunner
from rag.cli.evaluate import app
from rag.errors import TridentError

folder = sys.argv[1]
files = [f"--corpus={folder}/corpus.jsonl", f"--queries={folder}/queries.jsonl",
         f"--qrels={folder}/qrels.tsv", f"--out={folder}/out", "--candidates=100",
         "--rows=quick,*_minmax_none_100", "--unit=chunk,document",
         f"--score-subset=kings={folder}/kings"]
for extra in ([], ["--json"], ["--limit-queries=2"], ["--unit=page"]):
    result = CliRunner().invoke(app, ["retrieval", *files, *extra])
    if result.exception and not isinstance(result.exception, TridentError):
        raise result.exception
    print(result.stdout if not result.exception else str(result.exception), end="\\0")
"""


def test_table_then_json_then_a_refusal_to_mix_evaluations(tmp_path: Path) -> None:
    write_beir(tmp_path)
    (tmp_path / "kings").write_text("q-king\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TRIDENT_ENCODER__OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr
    table, report, refusal, mistake, _ = done.stdout.split("\0")
    assert table.startswith("| collection | legs | fusion | rerank | candidates | nDCG@10 |")
    assert str(tmp_path / "out" / "report.html") in table
    assert len(json.loads(report)["rows"]) == 2 * (6 + 4)
    assert json.loads(report)["subsets"]["kings"]["questions"] == 1
    assert not json.loads(report)["dataset"]["partial"]
    assert json.loads(report)["published"] == []
    assert "choose another folder" in refusal
    assert "There is no 'page' here; choose among chunk, document." in mistake


def test_a_broken_line_is_named_before_any_model_is_loaded(tmp_path: Path) -> None:
    write_beir(tmp_path)
    (tmp_path / "kings").write_text("b")
    write_jsonl(tmp_path / "queries.jsonl", [{"_id": "a", "text": "?"}, '{"_id": "b", '])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "queries.jsonl:2 is not JSON" in done.stdout.split("\0")[0]
    assert not (tmp_path / "out").exists()
