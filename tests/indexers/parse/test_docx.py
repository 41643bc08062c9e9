from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest

from indexers.parse.base import ParseError
from tests.indexers.parse.reading import read_one, sections_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_heading("Bees", 0)
    document.add_heading("The hive", 1)
    document.add_paragraph("Bees live in hives.")
    document.add_heading("Castes", 2)
    table = document.add_table(3, 2)
    rows = [("caste", "number"), ("queen", "1"), ("worker", "many")]
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_heading("Honey", 1)
    document.add_paragraph("Honey is food.")
    path = tmp_path / "bees.docx"
    document.save(str(path))
    return path


def test_headings_lead_to_every_section(path: Path) -> None:
    document = read_one(path)
    assert document.title == "Bees"
    assert sections_of(document) == {
        "Bees": "Bees",
        "The hive": "Bees > The hive",
        "Castes": "Bees > The hive > Castes",
        "Honey": "Bees > Honey",
    }


def test_a_table_is_one_block_in_its_place(path: Path) -> None:
    document = read_one(path)
    ((start, end),) = document.blocks
    assert document.text[start:end] == "caste | number\nqueen | 1\nworker | many"
    assert document.text[:start].endswith("Castes\n\n")
    assert document.text[end:].startswith("\n\nHoney")


def test_a_merged_cell_is_said_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "narrow"
    document.save(str(tmp_path / "a.docx"))
    assert read_one(tmp_path / "a.docx").text == "wide | narrow"


def test_the_title_of_its_properties_comes_first(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "About bees"
    document.add_paragraph("Bees dance.")
    document.save(str(tmp_path / "a.docx"))
    assert read_one(tmp_path / "a.docx").title == "About bees"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(ParseError, match=reason):
        read_one(path)
