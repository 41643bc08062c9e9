from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import Parsed, ParsedDocument, Problem
from tests.indexers.parse.reading import read

if TYPE_CHECKING:
    from pathlib import Path


def parse(folder: Path, *lines: str | bytes) -> list[Parsed]:
    path = folder / "records.jsonl"
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    return list(read(path))


def test_a_record_becomes_a_document(tmp_path: Path) -> None:
    record = {
        "docid": "d1",
        "title": " Title ",
        "text": "a\r\nb",
        "metadata": {
            "year": 2020,
            "ok": True,
            "score": 0.5,
            "lang": "en",
            "tags": ["a", "b"],
            "none": None,
        },
        "url": "ignored",
    }
    line = json.dumps(record)
    assert parse(tmp_path, line) == [
        ParsedDocument(
            id="d1",
            title="Title",
            text="a\nb",
            metadata={"year": 2020, "ok": True, "score": 0.5, "lang": "en", "tags": ["a", "b"]},
            line=1,
            size=len(line),
        )
    ]


def test_id_is_another_name_for_docid_and_may_be_a_number(tmp_path: Path) -> None:
    parsed = parse(tmp_path, '{"id": 7, "text": "a"}', "", '{"id": "x", "text": "b"}')
    assert [(p.id, p.line) for p in parsed if isinstance(p, ParsedDocument)] == [("7", 1), ("x", 3)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        (b'{"id": "a", "text": "\xff"}', "not UTF-8"),
        ('{"text": "a"}', 'no "docid" or "id"'),
        ('{"id": " ", "text": "a"}', 'no "docid" or "id"'),
        ('{"id": true, "text": "a"}', 'no "docid" or "id"'),
        ('{"id": "a"}', '"text" is missing'),
        ('{"id": "a", "text": ["b"]}', '"text" is missing or not a string'),
        ('{"id": "a", "text": "b", "title": 3}', '"title" is missing or not a string'),
        ('{"id": "a", "text": "b", "metadata": [1]}', '"metadata" is not an object'),
        ('{"id": "a", "text": "b", "metadata": {"k": [1]}}', 'metadata field "k"'),
        ('{"id": "a", "text": "b", "metadata": {"k": NaN}}', 'metadata field "k"'),
        ('{"id": "a", "text": "b", "metadata": {"k": 1e400}}', 'metadata field "k"'),
        ('{"id": "a", "text": "b", "metadata": {"k": 9223372036854775808}}', 'metadata field "k"'),
        ('{"id": "a", "text": "\\ud800"}', '"text" holds a character that is no text'),
        ('{"id": "a\\u0000", "text": "b"}', '"id" holds a character that is no text'),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "cannot be read"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_kept(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    good = '{"id": "good", "text": "fine"}'
    before, broken, after = parse(tmp_path, good, line, good)
    assert isinstance(before, ParsedDocument)
    assert isinstance(after, ParsedDocument)
    assert isinstance(broken, Problem)
    assert broken.line == 2
    assert reason in broken.reason
