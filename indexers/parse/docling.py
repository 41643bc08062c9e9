"""Layout models and OCR by Docling, for scans and complex layouts (`--parser docling`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParseError
from indexers.parse.builder import DocumentBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading


def parse_docling(path: Path, reading: Reading) -> Iterator[ParsedDocument]:  # noqa: ARG001 - as all parsers
    """One document with the headings, tables and pages that the models see.

    Raises: ParseError when Docling cannot convert it.
    """
    from docling.exceptions import ConversionError

    try:
        document = _converter().convert(path).document
    except ConversionError as error:
        raise ParseError(f"Docling cannot read it ({error})") from error
    yield build(document, path)


def build(document: Any, path: Path) -> ParsedDocument:
    """Our document of a `docling_core.types.doc.DoclingDocument`."""
    from docling_core.types.doc.document import SectionHeaderItem, TableItem, TextItem

    builder = DocumentBuilder()
    page = None
    for item, _ in document.iterate_items():
        if item.prov and item.prov[0].page_no != page:
            page = item.prov[0].page_no
            builder.page(page)
        if isinstance(item, TableItem):
            builder.table(_rows(item))
        elif isinstance(item, SectionHeaderItem) or str(item.label) == "title":
            builder.heading(getattr(item, "level", 0), item.text)
        elif isinstance(item, TextItem):
            builder.paragraph(item.text)
    return builder.build(path.stat().st_size, path.stem)


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.data.grid:
        yield [cell.text for cell in row]


@cache
def _converter() -> Any:
    """Its models take seconds to load."""
    from docling.document_converter import DocumentConverter

    return DocumentConverter()
