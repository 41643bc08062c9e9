"""Presentations (PPTX): a slide is a page, its title a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexers.parse.builder import DocumentBuilder
from indexers.parse.zip_guard import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pptx.slide import Slide

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading


def parse_pptx(path: Path, reading: Reading) -> Iterator[ParsedDocument]:
    """One document: titles, texts, tables and notes of the slides."""
    from pptx import Presentation

    check_zip(path, reading)
    presentation = Presentation(str(path))
    builder = DocumentBuilder()
    for number, slide in enumerate(presentation.slides, 1):
        builder.page(number)
        _add_slide(builder, slide)
    yield builder.build(path.stat().st_size, path.stem, presentation.core_properties.title)


def _add_slide(builder: DocumentBuilder, slide: Slide) -> None:
    title = slide.shapes.title
    if title is not None:
        builder.heading(1, title.text_frame.text)
    for shape in _flat(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _add_shape(builder, shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        builder.paragraph(slide.notes_slide.notes_text_frame.text)


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    """Shapes in their order, those of groups instead of the group."""
    for shape in shapes:
        yield from _flat(shape.shapes) if hasattr(shape, "shapes") else (shape,)


def _add_shape(builder: DocumentBuilder, shape: Any) -> None:
    if shape.has_text_frame:
        builder.paragraph(shape.text_frame.text)
    elif getattr(shape, "has_table", False):
        builder.table([cell.text for cell in row.cells] for row in shape.table.rows)
