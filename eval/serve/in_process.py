"""The same searches without a server: `python -m eval.serve.in_process < task.json`.

In a process of its own, since the database is one process's at a time. It also makes the
synthetic collection. Prints JSON lines: progress, and last the result.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from eval.bench.told_process import result_of, tell
from eval.progress import silent
from eval.serve.latency import Latency, latency_of
from eval.synthetic.collection import provide
from eval.synthetic.rows import question_text
from rag.service import Rag
from rag.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.progress import StepProgress

WARM_UP_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Task:
    """`settings` as JSON; questions are numbered from `first`."""

    store: str
    rows: int
    searches: int
    first: int
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InProcess:
    """The collection, who encodes its questions, and what a call of `Rag.search` takes."""

    collection: str
    encoder: str
    latency: Latency


def measure_in_process(task: Task, progress: StepProgress = silent) -> InProcess:
    """Make the collection and time its searches. Raises: FailureError."""
    result = result_of("eval.serve.in_process", task, f"to search {task.rows} rows", progress)
    return InProcess(result["collection"], result["encoder"], Latency(**result["latency"]))


def time_searches(rag: Rag, collection: str, task: Task, progress: StepProgress) -> list[float]:
    """Seconds of each search, after some that are not counted."""
    for number in range(WARM_UP_QUESTIONS):
        rag.search(question_text(task.first - 1 - number), collection=collection)
    seconds = []
    for number in range(task.searches):
        question = question_text(task.first + number)
        began = perf_counter()
        rag.search(question, collection=collection)
        seconds.append(perf_counter() - began)
        progress("in process", number + 1, task.searches)
    return seconds


def _measured(task: Task, progress: StepProgress) -> InProcess:
    settings = Settings(**task.settings)
    store = settings.store.model_copy(update={"path": Path(task.store)})
    with Rag.open(settings.model_copy(update={"store": store})) as rag:
        made = provide(rag.store, rag.encoder.info, task.rows, progress=progress)
        seconds = time_searches(rag, made.name, task, progress)
        return InProcess(made.name, rag.encoder.info.identity, latency_of(seconds))


def _tell_progress(step: str, done: int, total: int, /) -> None:
    tell(progress=[step, done, total])


if __name__ == "__main__":
    measured = _measured(Task(**json.load(sys.stdin)), _tell_progress)
    tell(result=asdict(measured))
