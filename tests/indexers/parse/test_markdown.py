from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import ParsedDocument
from indexers.parse.markdown import parse_markdown

if TYPE_CHECKING:
    from pathlib import Path


def parse(folder: Path, text: str) -> ParsedDocument:
    path = folder / "page.md"
    path.write_text(text)
    (document,) = parse_markdown(path)
    assert isinstance(document, ParsedDocument)
    return document


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('---\ntitle: "From the matter"\ntags: [a]\n---\n# Heading\n', "From the matter"),
        ("---\ndate: 2020\n---\n\n# The *real* `title`\n", "The real title"),
        ("Intro first.\n\nSetext\n======\n\n# Later\n", "Setext"),
        ("No heading at all.\n\nMore.", "No heading at all."),
        ("---\nfoo: bar\n---\nFirst words\n", "First words"),
        ("---\ntitle: not: yaml\n---\n# Heading\n", "Heading"),
        ("", "page"),
    ],
)
def test_the_title_is_the_front_matters_else_the_first_heading_else_the_first_line(
    tmp_path: Path, text: str, title: str
) -> None:
    assert parse(tmp_path, text).title == title


def test_the_text_is_kept_and_headings_begin_sections(tmp_path: Path) -> None:
    text = (
        "---\ntitle: T\n---\n# One\ntext\n## Two\n```\n# no heading\n```\nThree\n---\n> # quoted\n"
    )
    document = parse(tmp_path, text)
    assert document.text == text
    lines = [text[start:].split("\n", maxsplit=1)[0] for start in document.sections]
    assert lines == ["# One", "## Two", "Three"]


@pytest.mark.parametrize(
    ("front_matter", "metadata"),
    [
        ("year: 2020\ntags: [news, draft]", {"year": 2020, "tags": ["news", "draft"]}),
        ("a: b: c", {}),
    ],
)
def test_front_matter_is_metadata_and_none_of_it_is_lost_from_the_text(
    tmp_path: Path, front_matter: str, metadata: dict[str, object]
) -> None:
    text = f"---\n{front_matter}\n---\n# One\ntext\n"
    document = parse(tmp_path, text)
    assert document.metadata == metadata
    assert document.text == text
