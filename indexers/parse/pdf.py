"""PDF: the text of every page, with page numbers and the outline's sections."""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParsedDocument, ParseError, Place
from indexers.parse.builder import clean
from indexers.parse.outline import HeadingPath
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pypdf import PdfReader

    from indexers.parse.reading import Reading

# It warns on stderr of each fault that it mends.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")
PAGE_GAP = "\n\n"


def parse_pdf(path: Path, reading: Reading) -> Iterator[ParsedDocument]:  # noqa: ARG001 - as all parsers
    """One document; offsets refer to the extracted text, outline items begin its sections.

    Raises: ParseError when it is encrypted or a scan without text.
    """
    reader = _open(path)
    pages = [_page_text(page.extract_text()) for page in reader.pages]
    text = PAGE_GAP.join(pages)
    if not text.strip():
        raise ParseError("its pages hold no text, as of a scan; try --parser docling")
    starts = _starts(pages)
    sections = _sections(reader, text, starts)
    yield ParsedDocument(
        text=text,
        title=_title(reader) or first_line(text) or path.stem,
        size=path.stat().st_size,
        sections=tuple(start for start, _ in sections),
        places=tuple(_places(starts, sections)),
    )


def _open(path: Path) -> PdfReader:
    """Many files are encrypted with an empty password, only against changes."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(path)
    try:
        readable = not reader.is_encrypted or bool(reader.decrypt(""))
    except DependencyError as error:
        raise ParseError(
            "it is encrypted with AES, which needs cryptography: "
            "`pip install 'trident-rag[formats]'`"
        ) from error
    if not readable:
        raise ParseError("it is encrypted; save it without a password")
    return reader


def _page_text(text: str) -> str:
    return BROKEN_WORD.sub("", clean(text)).strip()


def _starts(pages: Sequence[str]) -> list[int]:
    starts, start = [], 0
    for page in pages:
        starts.append(start)
        start += len(page) + len(PAGE_GAP)
    return starts


def _title(reader: PdfReader) -> str:
    title = reader.metadata.title if reader.metadata else None
    return " ".join(clean(str(title or "")).split())


def _sections(reader: PdfReader, text: str, starts: Sequence[int]) -> list[tuple[int, str]]:
    """(start, path) of every outline item whose words are found on its page, in order."""
    path = HeadingPath()
    found: dict[int, str] = {}
    for level, title, page in _items(reader, reader.outline, 1):
        section = path.enter(level, clean(title))
        start = text.find(title.strip(), starts[page])
        end = starts[page + 1] if page + 1 < len(starts) else len(text)
        found[start if 0 <= start < end else starts[page]] = section
    return sorted(found.items())


def _items(reader: PdfReader, outline: Any, level: int) -> Iterator[tuple[int, str, int]]:
    """Level, title and index of the page of each item; a list holds those below the last."""
    for item in outline:
        if isinstance(item, list):
            yield from _items(reader, item, level + 1)
            continue
        page = reader.get_destination_page_number(item)
        if page is not None and 0 <= page < len(reader.pages):
            yield level, str(item.title), page


def _places(starts: Sequence[int], sections: Sequence[tuple[int, str]]) -> Iterator[Place]:
    """Pages and sections merged: one place wherever either begins."""
    paths = dict(sections)
    section = ""
    for start in sorted({*starts, *paths}):
        section = paths.get(start, section)
        yield Place(start, section, bisect_right(starts, start))
