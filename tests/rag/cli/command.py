"""Runs the installed `trident` command as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TRIDENT = str(Path(sys.executable).with_name("trident"))


def trident(
    *arguments: str,
    store: Path,
    code: int = 0,
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command on a database folder and expect an exit code, never a traceback."""
    environment = {
        **os.environ,
        "TRIDENT_STORE__PATH": str(store),
        "TRIDENT_ENCODER__OFFLINE": "1",
        "TRIDENT_ENCODER__RUNTIME": "onnx",  # starts fastest, and nothing is measured first
        **(variables or {}),
    }
    done = subprocess.run(
        [TRIDENT, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def trident_json(*arguments: str, store: Path, code: int = 0) -> Any:
    """The same with --json: stdout is one JSON document and nothing else."""
    return json.loads(trident(*arguments, "--json", store=store, code=code).stdout)
