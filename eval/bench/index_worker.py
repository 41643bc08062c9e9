"""The process that indexes one generated corpus: `python -m eval.bench.index_worker < task.json`.

Each size has a process of its own, so that its peak memory is its own. Prints JSON lines:
progress, and last the result.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench.column_bytes import folder_bytes
from eval.bench.memory import peak_bytes
from eval.bench.told_process import result_of, tell
from eval.progress import silent
from eval.synthetic.corpus import write_corpus
from eval.synthetic.fake_encoder import FakeEncoder
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.settings import EncoderSettings, IndexSettings
from rag.types import TensorStorage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.progress import StepProgress
    from indexers.progress import Progress
    from rag.encoders.base import Encoder

COLLECTION = "bench-index"
SEARCHABLE_TIMEOUT = 900.0


@dataclass(frozen=True, slots=True)
class Task:
    """Index about `rows` chunks; `encoder` are its settings, None for the fake encoder."""

    rows: int
    storage: str
    encoder: Mapping[str, Any] | None


def run_in_process(task: Task, progress: StepProgress = silent) -> dict[str, Any]:
    """What `_index` gives. Raises: FailureError with what the process said last."""
    what = f"that indexes {task.rows} chunks"
    result: dict[str, Any] = result_of("eval.bench.index_worker", task, what, progress)
    return result


def _index(task: Task, folder: Path) -> dict[str, Any]:
    """Index into a database below `folder`; figures of the run, in seconds and bytes."""
    from rag.store.embedded import EmbeddedStore

    files = write_corpus(folder / "corpus", task.rows)
    encoder = _encoder(task)
    options = IndexOptions(
        layout=IndexSettings(tensor_storage=TensorStorage(task.storage)),
        searchable_timeout=SEARCHABLE_TIMEOUT,
    )
    store = EmbeddedStore.open(folder / "store")
    try:
        before = peak_bytes()
        report = index_paths(files, COLLECTION, store, encoder, options=options, progress=_tell)
        columns = store.column_bytes(COLLECTION)
    finally:
        store.close()
    return {
        "report": report.to_dict(),
        "base_bytes": before,
        "peak_bytes": peak_bytes(),
        "column_bytes": columns,
        "disk_bytes": folder_bytes(folder / "store"),
    }


def _encoder(task: Task) -> Encoder:
    if task.encoder is None:
        return FakeEncoder()
    from rag.encoders.loading import load_encoder

    encoder = load_encoder(EncoderSettings(**task.encoder))
    encoder.encode_documents(["The first forward pass also sets the models up."])
    return encoder


def _tell(state: Progress) -> None:
    tell(progress=["index", state.bytes_done, state.bytes_total])


def _main() -> None:
    task = Task(**json.load(sys.stdin))
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as folder:
        tell(result=_index(task, Path(folder)))


if __name__ == "__main__":
    _main()
