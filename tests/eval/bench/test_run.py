"""Benchmarks in databases of their own: each in a process, as an engine serves one database."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json, sys
from pathlib import Path
from eval.bench import index, search
from rag.settings import load_settings

folder = Path(sys.argv[1])
note = folder / "note.md"
note.write_text("# Tides\\n\\nThe tide comes with the moon.\\n", encoding="utf-8")
settings = load_settings({"encoder": {"offline": True}})
kept = folder / "kept"
results = [
    search.run(settings, rows=[20], searches=2, folder=kept),
    index.run(settings, files=[note]),
]
print(json.dumps([result.to_dict() for result in results]))
"""


def test_each_run_opens_and_closes_its_database_and_a_folder_is_kept(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    search, index = json.loads(done.stdout)
    (cell,) = search["cells"]
    assert (cell["rows"], cell["storage"], search["skipped"]) == (20, "float", [])
    assert cell["disk_bytes"] > sum(cell["column_bytes"].values()) > 0
    assert (tmp_path / "kept" / "20-float").is_dir()
    assert (index["documents"], index["chunks"]) == (1, 1)
