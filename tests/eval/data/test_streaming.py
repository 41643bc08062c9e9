"""A corpus of any size is read one document at a time."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

from eval.data.corpus_file import provide_corpus
from eval.data.formats import read_files
from eval.data.selection import Limits, select
from eval.sweep.workspace import Workspace
from tests.eval.collection import write_jsonl, write_qrels

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 2_000, 20_000
BYTES_A_DOCUMENT = 3_000
BYTES_AN_ID = 200  # an id, its place in a set, and that set's growth


def test_memory_grows_by_the_ids_alone_when_the_corpus_is_ten_times_as_large(
    tmp_path: Path,
) -> None:
    few, many = (peak_of(tmp_path / str(size), size) for size in (FEW, MANY))
    assert many - few < BYTES_AN_ID * (MANY - FEW)
    assert many < BYTES_A_DOCUMENT * MANY / 10


def peak_of(folder: Path, documents: int) -> int:
    """Most bytes held while a corpus is read, checked, hashed and written for the indexer."""
    folder.mkdir()
    with (folder / "corpus.jsonl").open("w") as file:
        for number in range(documents):
            record = {"_id": f"doc-{number}", "text": "x" * BYTES_A_DOCUMENT}
            file.write(json.dumps(record) + "\n")
    queries = write_jsonl(folder / "queries.jsonl", [{"_id": "q", "text": "Why?"}])
    qrels = write_qrels(folder / "qrels.tsv", [("q", f"doc-{documents - 1}", 1)])
    tracemalloc.start()
    dataset = read_files(folder / "corpus.jsonl", queries, qrels)
    made = provide_corpus(dataset, select(dataset, Limits()), Workspace(folder / "out"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made.documents == documents
    return peak
