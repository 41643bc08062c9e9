"""The stream from files to rows: bounded, and right when a stage fails or is interrupted."""

from __future__ import annotations

import signal
import threading
import time
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eval.synthetic.corpus import PARAGRAPH_SENTENCES, SENTENCE_WORDS, write_corpus
from eval.synthetic.fake_encoder import FakeEncoder
from indexers import cutter
from indexers.chunk import chunk_document
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import StoreError
from tests.indexers.memory_target import MemoryTarget
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.types import Chunk, Encoding

WINDOW = 4
DOCUMENTS = 24


class FailingEncoder(TinyEncoder):
    """Fails, or does something else, at one of its calls."""

    def __init__(self, at: int, what: Callable[[], None]) -> None:
        super().__init__()
        self._calls = 0
        self._at = at
        self._what = what

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        self._calls += 1
        if self._calls == self._at:
            self._what()
        return super().encode_documents(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of one chunk each."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.txt").write_text(f"Text number {number}.")
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """A process started in the background may ignore SIGINT from birth."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def index(folder: Path, target: MemoryTarget, encoder: Encoder | None = None) -> IndexReport:
    options = IndexOptions(relative_to=folder, batch_chunks=WINDOW)
    return index_paths([folder], "c", target, encoder or TinyEncoder(), options=options)


def check_resumes(folder: Path, target: MemoryTarget) -> None:
    """Another run does what is left, and no more; no thread is left behind."""
    assert {"ahead", "behind_0"}.isdisjoint(thread.name for thread in threading.enumerate())
    done = len(target.documents("c"))
    report = index(folder, target)
    assert (report.added, report.unchanged) == (DOCUMENTS - done, done)
    assert index(folder, target).chunks == 0


def fail() -> None:
    raise StoreError("It broke.")


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_documents_are_written_once_each_in_order(folder: Path, state: Path) -> None:
    target = MemoryTarget(state)
    index(folder, target)
    written = [doc_id for batch in target.writes for doc_id in batch]
    assert written == [f"{number:02}.txt" for number in range(DOCUMENTS)]
    assert {len(batch) for batch in target.writes} == {WINDOW}


def test_a_slow_writer_bounds_what_is_parsed_and_encoded_ahead(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.loop.READ_AHEAD", 6)
    read, encoded, most = [0], [0], [0, 0]
    go = threading.Event()

    def count_read(*given: object) -> list[Chunk]:
        read[0] += 1
        return chunk_document(*given)  # type: ignore[arg-type]  # passed on as it is

    def before_write(writes: int) -> None:
        if writes == 1:
            go.wait(0.5)  # enough to read and encode everything
            most[:] = read[0], encoded[0]

    class Counting(TinyEncoder):
        def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
            encoded[0] += len(texts)
            return super().encode_documents(texts)

    monkeypatch.setattr(cutter, "chunk_document", count_read)
    index(folder, MemoryTarget(state, before_write), Counting())
    # Written, being written, encoded and waiting for the writer; then what lies ready.
    assert most[1] == 3 * WINDOW
    assert most[0] <= 3 * WINDOW + 6 + 1


def test_a_failing_writer_ends_the_run_and_the_next_goes_on(folder: Path, state: Path) -> None:
    def before_write(writes: int) -> None:
        if writes == 2 and not broken:
            broken.append(writes)
            fail()

    broken: list[int] = []
    target = MemoryTarget(state, before_write)
    with pytest.raises(StoreError, match="It broke"):
        index(folder, target)
    assert len(target.writes) == 2
    check_resumes(folder, target)


def test_a_failing_encoder_ends_the_run_and_the_next_goes_on(folder: Path, state: Path) -> None:
    target = MemoryTarget(state)
    with pytest.raises(StoreError, match="It broke"):
        index(folder, target, FailingEncoder(3, fail))
    assert len(target.writes) == 2
    check_resumes(folder, target)


def test_a_failing_chunker_ends_the_run_and_the_next_goes_on(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = MemoryTarget(state)
    with monkeypatch.context() as patch:
        patch.setattr(cutter, "chunk_document", lambda *_: fail())
        with pytest.raises(StoreError, match="It broke"):
            index(folder, target)
    assert target.writes == []
    check_resumes(folder, target)


def test_ctrl_c_while_encoding_ends_the_run_after_the_window(folder: Path, state: Path) -> None:
    target = MemoryTarget(state)
    report = index(folder, target, FailingEncoder(3, interrupt))
    assert report.interrupted
    assert (report.added, len(target.writes)) == (3 * WINDOW, 3)
    check_resumes(folder, target)


def test_ctrl_c_while_writing_ends_the_run_with_what_is_written(folder: Path, state: Path) -> None:
    def before_write(writes: int) -> None:
        if writes == 1 and not told:
            told.append(writes)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            time.sleep(0.05)

    told: list[int] = []
    target = MemoryTarget(state, before_write)
    report = index(folder, target)
    assert report.interrupted
    assert report.added == sum(map(len, target.writes)) < DOCUMENTS
    check_resumes(folder, target)


def test_ctrl_c_while_nothing_is_there_to_encode_ends_the_run(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def slow(*given: object) -> list[Chunk]:
        if not told:
            told.append(1)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(0.2)
        return chunk_document(*given)  # type: ignore[arg-type]  # passed on as it is

    told: list[int] = []
    target = MemoryTarget(state)
    with monkeypatch.context() as patch:
        patch.setattr(cutter, "chunk_document", slow)
        report = index(folder, target)
    assert report.interrupted
    assert report.added == 0
    check_resumes(folder, target)


class CopyingEncoder(FakeEncoder):
    """Its token vectors take room of their own, as a model's do."""

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        return [replace(e, tokens=e.tokens.copy()) for e in super().encode_documents(texts)]


def test_memory_is_that_of_a_few_windows_however_large_the_corpus(
    tmp_path: Path, state: Path
) -> None:
    files, encoder = write_corpus(tmp_path / "corpus", 4000), CopyingEncoder()
    tracemalloc.start()
    report = index_paths(files, "c", MemoryTarget(state), encoder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.chunks == pytest.approx(4000, rel=0.2)
    chunk = 4 * encoder.info.token_dim * SENTENCE_WORDS * PARAGRAPH_SENTENCES
    # Being encoded, waiting for the writer, being written; the fourth is for all but vectors.
    assert peak < 4 * IndexOptions().batch_chunks * chunk < report.chunks * chunk / 5
