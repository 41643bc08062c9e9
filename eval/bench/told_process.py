"""A task in a fresh process that tells its progress: one JSON message a line.

The module that is run reads its task from stdin and prints `{"progress": [...]}` as it goes on
and `{"result": ...}` in the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import DataclassInstance

    from eval.progress import StepProgress


def result_of(module: str, task: DataclassInstance, what: str, progress: StepProgress) -> Any:
    """The result of a task. Raises: FailureError with what the process `what` said last."""
    with tempfile.TemporaryFile("w+") as stderr:
        process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asdict(task)))
            process.stdin.close()
            results = _follow(process.stdout, progress)
        stderr.seek(0)
        said = stderr.read().strip().splitlines()
    if process.returncode or not results:
        last = said[-1] if said else f"nothing (exit status {process.returncode})"
        raise FailureError(f"The process {what} said: {last}")
    return results[-1]


def tell(**message: Any) -> None:
    """Say `progress` or `result` to who started this process."""
    print(json.dumps(message), flush=True)


def _follow(lines: Iterable[str], progress: StepProgress) -> list[Any]:
    """The results that were told: none when the process ended early."""
    results = []
    for line in lines:
        message = json.loads(line)
        if "progress" in message:
            progress(*message["progress"])
        if "result" in message:
            results.append(message["result"])
    return results
