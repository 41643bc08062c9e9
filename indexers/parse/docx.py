"""Word documents (DOCX): paragraphs, headings and tables in their order."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from indexers.parse.builder import DocumentBuilder
from indexers.parse.zip_guard import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading

HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
TITLE_STYLE = "title"


def parse_docx(path: Path, reading: Reading) -> Iterator[ParsedDocument]:
    """One document; paragraphs in a heading style begin its sections."""
    import docx
    from docx.table import Table

    check_zip(path, reading)
    document = docx.Document(str(path))
    builder = DocumentBuilder()
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            builder.table(_rows(block))
        else:
            _add_paragraph(builder, block)
    yield builder.build(path.stat().st_size, path.stem, document.core_properties.title)


def _add_paragraph(builder: DocumentBuilder, paragraph: Paragraph) -> None:
    level = _heading_level(paragraph)
    if level is None:
        builder.paragraph(paragraph.text)
    else:
        builder.heading(level, paragraph.text)


def _heading_level(paragraph: Paragraph) -> int | None:
    style = (paragraph.style.name if paragraph.style else None) or ""
    if style.lower() == TITLE_STYLE:
        return 0
    heading = HEADING_STYLE.match(style)
    return int(heading[1]) if heading else None


def _rows(table: Table) -> Iterator[list[str]]:
    """A cell that spans columns is given once."""
    for row in table.rows:
        yield [next(same).text for _, same in groupby(row.cells, key=_element)]


def _element(cell: _Cell) -> Any:
    return cell._tc
