"""HTML: the main content of the page as Markdown, without menus, scripts and footers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.decode import decode
from indexers.parse.markdown import find_headings
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# It warns on stderr of each page whose main content it cannot find; we have a fallback.
logging.getLogger("trafilatura").setLevel(logging.ERROR)


def parse_html(path: Path) -> Iterator[ParsedDocument]:
    """One document; offsets refer to the extracted text, headings begin its sections."""
    data = path.read_bytes()
    page = decode(data)
    text = _main_content(page) or _all_text(page)
    yield ParsedDocument(
        text=text,
        title=_title(page) or first_line(text) or path.stem,
        size=len(data),
        sections=tuple(heading.start for heading in find_headings(text)),
    )


def _main_content(page: str) -> str:
    from trafilatura import extract

    return extract(page, output_format="markdown", include_comments=False) or ""


def _all_text(page: str) -> str:
    """Every word of a page in which no main content can be told from the rest."""
    from trafilatura import html2txt

    # Bare fragments are refused unless something makes them look like a page.
    return html2txt(f"<html><body>{page}</body></html>")


def _title(page: str) -> str:
    # `extract_metadata` would look for a date too, and fails on some malformed pages.
    from trafilatura.metadata import extract_title
    from trafilatura.utils import load_html

    tree = load_html(page)
    return (extract_title(tree) or "") if tree is not None else ""
