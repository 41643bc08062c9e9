"""Plain text, reStructuredText included: the file's text is the document's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_TITLE_LENGTH = 120
UNDERLINED_HEADING = re.compile(r"^\S.*\n([=\-~^*\"'+#`:._])\1{2,}[ \t]*$", re.MULTILINE)


def parse_text(path: Path) -> Iterator[ParsedDocument]:
    """One document; underlined headings begin its sections."""
    data = path.read_bytes()
    text = decode(data)
    yield ParsedDocument(
        text=text,
        title=first_line(text) or path.stem,
        size=len(data),
        sections=tuple(match.start() for match in UNDERLINED_HEADING.finditer(text)),
    )


def first_line(text: str) -> str:
    """The first line with a letter or digit, if it is short enough for a title; else ""."""
    line = next((line.strip() for line in text.splitlines() if _has_word(line)), "")
    return line if len(line) <= MAX_TITLE_LENGTH else ""


def _has_word(line: str) -> bool:
    return any(character.isalnum() for character in line)
