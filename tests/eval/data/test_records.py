"""Data files are read line by line, and what is wrong is named with file and line."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from eval.data.records import Record, read_records
from rag.errors import SourceError
from tests.eval.collection import write_jsonl

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_plain_and_gzipped_files_read_alike_and_blank_lines_keep_the_count(
    tmp_path: Path, name: str
) -> None:
    path = write_jsonl(tmp_path / name, [{"id": 1}, "", {"id": "東京"}])
    assert [(r.where, r.identifier("id")) for r in read_records(path)] == [
        (f"{path}:1", "1"),
        (f"{path}:3", "東京"),
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"id": ', "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("[" * 100_000, "cannot be read"),
        ('{"id": ' + "9" * 5000 + "}", "cannot be read"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"id": "1"}, line])
    with pytest.raises(SourceError, match=rf"a\.jsonl:2 .*{what}"):
        list(read_records(path))


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "1"}\n{"id": "\xe9"}\n')
    with pytest.raises(SourceError, match=r"a\.jsonl:2 is not UTF-8"):
        list(read_records(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file .*missing"):
        list(read_records(tmp_path / "missing.jsonl"))


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_records(tmp_path))


def test_a_download_that_broke_off_is_told_from_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "1"}\n' * 1000)[:-12])
    with pytest.raises(SourceError, match="not a whole gzip file"):
        list(read_records(path))


@pytest.mark.parametrize("fields", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": 1.5}])
def test_a_record_needs_an_id(fields: dict[str, object]) -> None:
    with pytest.raises(SourceError, match='f:1 has no "_id" or "id"'):
        Record("f:1", fields).identifier("_id", "id")


def test_an_id_with_white_space_would_break_a_run_file() -> None:
    with pytest.raises(SourceError, match=r"f:1 .*white space"):
        Record("f:1", {"id": "a b"}).identifier("id")


def test_a_text_may_be_empty_but_must_be_a_string() -> None:
    assert Record("f:1", {"text": ""}).text("text") == ""
    with pytest.raises(SourceError, match="f:1"):
        Record("f:1", {"text": 3}).text("text")


def test_nested_records_keep_their_place() -> None:
    nested = Record("f:1", {"passages": [{"docid": "d"}]}).records("passages")
    assert nested == [Record("f:1", {"docid": "d"})]
    with pytest.raises(SourceError, match="f:1"):
        Record("f:1", {"passages": ["d"]}).records("passages")
