from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.parse.text import first_line, parse_text

if TYPE_CHECKING:
    from pathlib import Path


def test_the_document_is_the_file_with_its_first_line_as_title(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"\r\n  My notes \r\n\r\nSome text.\r\n")
    (document,) = parse_text(path)
    assert document.title == "My notes"
    assert document.text == "\n  My notes \n\nSome text.\n"
    assert document.id is None
    assert document.size == path.stat().st_size


@pytest.mark.parametrize("text", ["word " * 100, "---\n***\n", ""])
def test_without_a_short_first_line_the_title_is_the_name_of_the_file(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text)
    (document,) = parse_text(path)
    assert document.title == "notes"


def test_a_line_of_marks_above_the_title_is_not_the_title() -> None:
    assert first_line("=====\nTitle\n=====\n") == "Title"


def test_underlined_headings_begin_sections(tmp_path: Path) -> None:
    path = tmp_path / "guide.rst"
    path.write_text("Guide\n=====\n\nIntro.\n\nUse\n---\n\nText -- more\n--\n")
    (document,) = parse_text(path)
    assert [document.text[start:].split("\n")[0] for start in document.sections] == ["Guide", "Use"]
