"""Workbooks (XLSX): a section for each sheet, a line for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexers.parse.builder import DocumentBuilder
from indexers.parse.table_rows import labelled_lines
from indexers.parse.zip_guard import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading


def parse_xlsx(path: Path, reading: Reading) -> Iterator[ParsedDocument]:
    """One document with the values that formulas had when the file was saved."""
    from openpyxl import load_workbook

    check_zip(path, reading)
    workbook = load_workbook(path, read_only=True, data_only=True)
    builder = DocumentBuilder()
    try:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # the stated size may be that of an endless empty sheet
            builder.heading(1, sheet.title)
            builder.lines(labelled_lines(_rows(sheet)))
        yield builder.build(path.stat().st_size, path.stem, workbook.properties.title or path.stem)
    finally:
        workbook.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        yield ["" if value is None else str(value) for value in row]
