from __future__ import annotations

from typing import TYPE_CHECKING

from pptx import Presentation

from tests.indexers.parse.reading import read_one

if TYPE_CHECKING:
    from pathlib import Path


def test_slides_are_pages_and_sections_with_their_tables_and_notes(tmp_path: Path) -> None:
    presentation = Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Bees"
    first.placeholders[1].text = "They dance."
    first.notes_slide.notes_text_frame.text = "Say why."
    second = presentation.slides.add_slide(presentation.slide_layouts[5])
    second.shapes.title.text = "Castes"
    table = second.shapes.add_table(2, 2, 0, 0, 100, 100).table
    for (row, column), text in {(0, 0): "caste", (0, 1): "number", (1, 0): "queen"}.items():
        table.cell(row, column).text = text
    presentation.save(str(tmp_path / "bees.pptx"))

    document = read_one(tmp_path / "bees.pptx")
    assert document.text == "Bees\n\nThey dance.\n\nSay why.\n\nCastes\n\ncaste | number\nqueen |"
    assert [(place.section, place.page) for place in document.places] == [
        ("Bees", 1),
        ("Castes", 2),
    ]
    assert document.text[document.places[1].start :].startswith("Castes")
    ((start, end),) = document.blocks
    assert document.text[start:end] == "caste | number\nqueen |"


def test_shapes_in_groups_are_read(tmp_path: Path) -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 10, 10).text_frame.text = "inside"
    presentation.save(str(tmp_path / "a.pptx"))
    assert read_one(tmp_path / "a.pptx").text == "inside"
