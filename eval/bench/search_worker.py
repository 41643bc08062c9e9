"""Fills or measures one collection: `python -m eval.bench.search_worker < task.json`.

Filling and measuring each have a process of their own, so that the memory of searching is
that of a database just opened. Prints JSON lines: progress, and last the result.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from eval.bench.hnsw_recall import hnsw_recall
from eval.bench.search_stages import RERANK_FEW, STAGES, synthetic_query, time_engine, time_stages
from eval.bench.told_process import result_of, tell
from eval.progress import silent
from eval.synthetic.collection import collection_name, provide
from rag.encoders.base import EncoderInfo
from rag.settings import SearchSettings
from rag.store.embedded import EmbeddedStore
from rag.types import Layout, TensorStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eval.progress import StepProgress
    from rag.store.base import Store


@dataclass(frozen=True, slots=True)
class Task:
    """`action` is a key of ACTIONS; `widths` are those of an encoder: dense, sparse, token."""

    action: str
    folder: str
    rows: int
    storage: str
    searches: int
    widths: tuple[int, int, int]
    options: Mapping[str, Any]

    @property
    def encoder(self) -> EncoderInfo:
        """An encoder of these widths, without models."""
        dense, sparse, token = self.widths
        return EncoderInfo("widths", (), dense, sparse, token, max_tokens=0)

    @property
    def layout(self) -> Layout:
        """Rows are chunks, their token vectors kept as `storage` says."""
        return Layout(tensor_storage=TensorStorage(self.storage))


def run_in_process(task: Task, progress: StepProgress = silent) -> Any:
    """The result of a task. Raises: FailureError with what the process said last."""
    return result_of(
        "eval.bench.search_worker", task, f"to {task.action} {task.rows} rows", progress
    )


def fill(store: Store, task: Task, progress: StepProgress) -> Any:
    """Rows a second, None when all were there."""
    return provide(store, task.encoder, task.rows, task.layout, progress).rows_per_second


def measure(store: Store, task: Task, progress: StepProgress) -> Any:
    """Times by stage, the engine's part, recall of the dense leg, and memory in bytes."""
    collection = collection_name(task.rows, task.encoder, task.layout)
    options = SearchSettings(**task.options)
    opened = psutil.Process().memory_info().rss
    stages = {
        name: [synthetic_query(task.encoder, i, stage, options) for i in range(task.searches)]
        for name, stage in STAGES.items()
    }
    times = time_stages(store, collection, stages, progress)
    searched = psutil.Process().memory_info().rss
    return {
        "stages_ms": {name: asdict(timing) for name, timing in times.items()},
        **asdict(time_engine(store, collection, stages[RERANK_FEW])),
        "recall": hnsw_recall(store, collection, task.rows, task.encoder, options),
        "memory_bytes": {"opened": opened, "searched": searched},
    }


ACTIONS: Mapping[str, Callable[[Store, Task, StepProgress], Any]] = {
    "fill": fill,
    "measure": measure,
}


def _main() -> None:
    task = Task(**json.load(sys.stdin))
    store = EmbeddedStore.open(Path(task.folder))
    try:
        result = ACTIONS[task.action](
            store, task, lambda step, done, total: tell(progress=[step, done, total])
        )
    finally:
        store.close()
    tell(result=result)


if __name__ == "__main__":
    _main()
