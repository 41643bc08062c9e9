from __future__ import annotations

from pathlib import Path

import pytest

from indexers.parse.registry import FORMATS, format_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("a.RST", "text"),
        ("README", "text"),
        ("a.md", "markdown"),
        ("a.xhtml", "html"),
        ("a.b.ndjson", "jsonl"),
    ],
)
def test_the_suffix_decides_the_format(name: str, kind: str) -> None:
    known = format_of(Path(name))
    assert known
    assert known.name == kind


@pytest.mark.parametrize("name", ["a.pdf", "a.py", "archive.tar.gz"])
def test_other_suffixes_have_no_format(name: str) -> None:
    assert format_of(Path(name)) is None


def test_no_suffix_belongs_to_two_formats() -> None:
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))
