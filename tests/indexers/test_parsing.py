"""Parsing in worker processes, with files that do what real ones do at their worst."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from indexers.parse.base import ParsedDocument
from indexers.parse.batch import Done, Failure, batches
from indexers.parsing import parse_sources
from indexers.sources import SourceFile, find_sources
from rag.errors import FailureError
from rag.settings import ParseSettings
from tests.indexers.parse.stubborn_worker import ODD, SIMPLE_ODD

if TYPE_CHECKING:
    from indexers.parse.base import Format
    from indexers.parse.batch import ParseEvent

MISBEHAVING = "tests.indexers.parse.stubborn_worker"


@pytest.fixture
def _stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    monkeypatch.setattr("indexers.parse.worker.PROGRAM", MISBEHAVING)


def odd_files(folder: Path, *words: str, known: Format = ODD) -> list[SourceFile]:
    files = []
    for number, text in enumerate(words):
        path = folder / f"{number}{known.suffixes[0]}"
        path.write_text(text)
        files.append(SourceFile(path, known, len(text)))
    return files


def outcome(events: list[ParseEvent]) -> list[str]:
    """One line a file: the texts it gave, and how it ended."""
    lines = []
    for _, group in groupby(events, key=lambda event: event.file.path):
        items = [event.item for event in group]
        assert isinstance(items[-1], Done | Failure)
        texts = [item.text for item in items if isinstance(item, ParsedDocument)]
        reason = items[-1].reason if isinstance(items[-1], Failure) else "done"
        lines.append(" | ".join([*texts, reason]))
    return lines


def test_what_files_give_comes_in_their_order_from_any_number_of_workers(tmp_path: Path) -> None:
    for n in range(90):
        (tmp_path / f"{n:02}.txt").write_text(f"text {n}")
    (tmp_path / "50.md").write_text("# Title\n")
    (tmp_path / "60.pdf").write_bytes(b"no PDF")
    files = find_sources([tmp_path]).files
    for workers in (1, 3):
        events = list(parse_sources(files, ParseSettings(workers=workers)))
        ends = [e.file for e in events if isinstance(e.item, Done | Failure)]
        assert ends == list(files)
        texts = [e.item.text for e in events if isinstance(e.item, ParsedDocument)]
        assert [text for text in texts if text.startswith("text")] == [
            f"text {n}" for n in range(90)
        ]


def test_small_simple_files_travel_together_and_others_alone(tmp_path: Path) -> None:
    for n in range(40):
        (tmp_path / f"{n:02}.txt").write_text("text")
    (tmp_path / "10.pdf").write_bytes(b"no PDF")
    (tmp_path / "20.txt").write_text("x" * 600_000)
    sizes = [len(batch.files) for batch in batches(find_sources([tmp_path]).files)]
    assert sizes == [10, 1, 10, 1, 19]


def test_a_few_small_simple_files_need_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.parse.worker.PROGRAM", "no.such.program")
    (tmp_path / "a.txt").write_text("text")
    events = list(parse_sources(find_sources([tmp_path]).files, ParseSettings()))
    assert outcome(events) == ["text | done"]


@pytest.mark.usefixtures("_stubborn")
def test_a_file_that_hangs_or_kills_its_worker_costs_only_itself(tmp_path: Path) -> None:
    files = odd_files(tmp_path, "one", "hang", "die", "begin and die", "surprise", "two")
    settings = ParseSettings(timeout=1)
    assert outcome(list(parse_sources(files, settings))) == [
        "one | done",
        "no document was read of it in 1 s (parse.timeout)",
        "it ended the process that read it (SIGSEGV)",
        "it ended the process that read it (exit code 7)",
        "it cannot be read as odd (KeyError: 'no such thing')",
        "two | done",
    ]


@pytest.mark.usefixtures("_stubborn")
def test_a_file_that_takes_too_much_memory_costs_only_itself(tmp_path: Path) -> None:
    files = odd_files(tmp_path, "eat", "one")
    assert outcome(list(parse_sources(files, ParseSettings(memory=256)))) == [
        "reading it takes more than 256 MiB (parse.memory)",
        "one | done",
    ]


@pytest.mark.usefixtures("_stubborn")
def test_of_files_that_travelled_together_only_the_guilty_one_is_blamed(tmp_path: Path) -> None:
    files = odd_files(tmp_path, *["fine"] * 3, "die", *["fine"] * 36, known=SIMPLE_ODD)
    found = outcome(list(parse_sources(files, ParseSettings())))
    assert found.count("fine | done") == 39
    assert found[3] == "it ended the process that read it (SIGSEGV)"


@pytest.mark.usefixtures("_stubborn")
def test_closing_the_iterator_ends_the_workers_and_removes_their_files(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    events = parse_sources(odd_files(tmp_path, "one", "hang"), ParseSettings(workers=2))
    next(events)
    assert set(psutil.Process().children()) - before
    events.close()
    assert not set(psutil.Process().children()) - before


@pytest.mark.usefixtures("_stubborn")
def test_a_caller_who_wants_to_stop_does_not_wait_for_a_file_that_hangs(tmp_path: Path) -> None:
    events: list[ParseEvent] = []
    files = odd_files(tmp_path, "one", "hang")
    events.extend(parse_sources(files, ParseSettings(timeout=300), lambda: bool(events)))
    assert outcome(events) == ["one | done"]


def test_a_process_that_does_not_start_is_no_fault_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.parse.worker.PROGRAM", "no.such.program")
    with pytest.raises(FailureError, match="does not start"):
        list(parse_sources(odd_files(tmp_path, "one"), ParseSettings()))


def test_a_file_that_became_a_pipe_or_a_device_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    text = find_sources([__file__]).files[0].format
    files = [SourceFile(tmp_path / name, text, 0) for name in ("pipe.txt", "zero.txt", "loop.txt")]
    first, second, third = outcome(list(parse_sources(files, ParseSettings())))
    assert first == second == "not a regular file"
    assert third.startswith("cannot be read")


def test_links_in_a_loop_and_to_devices_are_found_out_before(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "folder").symlink_to(tmp_path)
    sources = find_sources([tmp_path])
    assert not sources.files
    assert len(sources.skipped) == 4
