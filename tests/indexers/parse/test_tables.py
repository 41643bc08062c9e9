"""Workbooks, CSV and TSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from indexers.parse.base import ParsedDocument, ParseError, Problem
from tests.indexers.parse.reading import read, read_one, sections_of

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.parse.base import ParsedDocument as Parsed


def blocks(document: Parsed) -> list[str]:
    return [document.text[start:end] for start, end in document.blocks]


def test_a_workbook_has_a_section_a_sheet_and_a_line_a_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.title = "Castes"
    for row in (("caste", "number"), ("queen", 1), (None, None), ("drone", None)):
        sheet.append(row)
    book.create_sheet("Honey").append(["only a line"])
    book.save(tmp_path / "bees.xlsx")
    document = read_one(tmp_path / "bees.xlsx")
    assert blocks(document) == ["caste: queen; number: 1", "caste: drone", "only a line"]
    assert sections_of(document) == {"Castes": "Castes", "Honey": "Honey"}
    assert document.title == "bees"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'caste,note\nqueen,"one, and\nonly"\n'),
        ("a.csv", "caste;note\nqueen;one, and only\n"),
        ("a.tsv", "caste\tnote\nqueen\tone, and only\n"),
    ],
)
def test_every_row_says_the_names_of_its_columns(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert blocks(read_one(tmp_path / name)) == ["caste: queen; note: one, and only"]


def test_a_row_of_more_values_than_names_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2,3\n")
    assert blocks(read_one(tmp_path / "a.csv")) == ["a: 1; b: 2; 3"]


def test_a_table_in_any_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("straße,ort\nGroße Freiheit,Köln\n".encode("utf-16"))
    assert blocks(read_one(tmp_path / "a.csv")) == ["straße: Große Freiheit; ort: Köln"]


def test_with_a_mapping_rows_are_documents(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,body\nx,first\n,second\nz,third\n")
    first, second, third = read(tmp_path / "a.csv", map={"id": "key", "text": "body"})
    assert isinstance(first, ParsedDocument)
    assert (first.id, first.text, first.line) == ("x", "first", 2)
    assert second == Problem(3, 'it has no "key"', second.size)
    assert isinstance(third, ParsedDocument)


def test_a_value_beyond_measure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1," + "x" * (2**24 + 1))
    with pytest.raises(ParseError, match="no table"):
        read(tmp_path / "a.csv")
