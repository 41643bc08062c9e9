"""kill -9 at random moments of indexing loses nothing that was reported as done."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from indexers.chunk import chunk_document
from rag.types import Document
from tests.indexers.kill_run import CHUNK, COLLECTION, COMMON_WORD
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 10
DOCUMENTS = 40
CHANGED = 30  # between two lives; two are written at a time
ROOT = Path(__file__).parents[2]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(DOCUMENTS):
        write(folder, number, version=0)
    return folder


@pytest.mark.slow
def test_ten_kills_lose_nothing_leave_nothing_half_and_repeat_nothing(
    tmp_path: Path, documents: Path
) -> None:
    store, chance = tmp_path / "store", random.Random(20240501)
    done: set[str] = set()
    for life in range(KILLS):
        done |= live_until_killed(store, documents, chance, done)
        for number in chance.sample(range(DOCUMENTS), CHANGED):
            write(documents, number, version=life + 1)
            done.discard(name(number))

    with Life(store, documents) as last:
        found = last.audit()
        check_whole(found)
        current = {doc for doc in found if found[doc] == expected(documents, doc)}
        assert done <= current
        report = last.report()
    assert report["unchanged"] == len(current)
    assert report["replaced"] == len(found) - len(current)
    assert report["added"] == DOCUMENTS - len(found)

    with Life(store, documents) as again:
        assert again.audit() == {doc: expected(documents, doc) for doc in all_names()}
        report = again.report()
    assert (report["unchanged"], report["chunks"]) == (DOCUMENTS, 0)


def live_until_killed(
    store: Path, documents: Path, chance: random.Random, done: set[str]
) -> set[str]:
    """Check what a new process finds; gives what it reports as done until it is killed."""
    with Life(store, documents) as life:
        found = life.audit()
        check_whole(found)
        assert {doc for doc in done if found.get(doc) != expected(documents, doc)} == set()
        told = life.done(batches=chance.randrange(CHANGED // 2))
        time.sleep(chance.uniform(0, 0.03))  # a batch takes about as long
        life.kill()
        return told | life.done()


def check_whole(found: dict[str, list[str]]) -> None:
    """Each document is all of one version, never parts of two."""
    for doc, chunks in found.items():
        version = chunks[0].split()[3]
        assert chunks == chunk_texts(doc, text(doc, version)), f"{doc} is not whole"


class Life:
    """A process that audits the store and then indexes."""

    def __init__(self, store: Path, documents: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.indexers.kill_run", str(store), str(documents)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines = self._read()

    def audit(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = next(self._lines)["audit"]
        return found

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = next(line["report"] for line in self._lines if "report" in line)
        return report

    def done(self, batches: int | None = None) -> set[str]:
        """Documents reported as done, in the next so many batches or to the end."""
        told = (line["done"] for line in self._lines if "done" in line)
        return {doc for batch in islice(told, batches) for doc in batch}

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)

    def _read(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.endswith("}\n"):  # the kill may cut the last line
                yield json.loads(line)

    def __enter__(self) -> Life:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.wait(timeout=60)
        if self._process.stdout:
            self._process.stdout.close()


def name(number: int) -> str:
    return f"{number:03}.txt"


def all_names() -> list[str]:
    return [name(number) for number in range(DOCUMENTS)]


def write(folder: Path, number: int, version: int) -> None:
    (folder / name(number)).write_text(text(name(number), str(version)))


def text(doc: str, version: str) -> str:
    """Three chunks, each with the common word and the version."""
    sentence = f"A {COMMON_WORD} sentence {version} of document {doc} has some ten words."
    return " ".join([sentence] * 3)


def expected(documents: Path, doc: str) -> list[str]:
    return chunk_texts(doc, (documents / doc).read_text())


def chunk_texts(doc: str, content: str) -> list[str]:
    document = Document(doc, content)
    chunks = chunk_document(document, COLLECTION, TinyEncoder().count_tokens, CHUNK)
    return [chunk.text for chunk in chunks]
