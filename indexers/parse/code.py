"""Source code: the file's text is the document's text; definitions begin its sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument, Place
from indexers.parse.decode import decode
from indexers.parse.languages import LANGUAGE_BY_SUFFIX
from indexers.parse.outline import HeadingPath

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.reading import Reading

TAB = " " * 8
# What stands right above a definition and belongs to it: decorators, attributes, comments.
LEAD_IN = re.compile(r"[ \t]*(@|#|//|/\*|\*|--|;;|\[)")


def parse_code(path: Path, reading: Reading) -> Iterator[ParsedDocument]:  # noqa: ARG001 - as all parsers
    """One document; the indentation of a definition tells what it is defined within."""
    data = path.read_bytes()
    text = decode(data)
    language = LANGUAGE_BY_SUFFIX[path.suffix.lower()]
    places = tuple(_places(text, language.definition))
    yield ParsedDocument(
        text=text,
        title=path.name,
        size=len(data),
        sections=tuple(place.start for place in places),
        places=places,
        metadata={"language": language.name},
    )


def _places(text: str, definition: re.Pattern[str]) -> Iterator[Place]:
    path = HeadingPath()
    for match in definition.finditer(text):
        indent = len(match["indent"].replace("\t", TAB))
        yield Place(_lead_in(text, match.start()), path.enter(indent, match[match.lastindex or 0]))


def _lead_in(text: str, start: int) -> int:
    """Where the lines begin that lead in to the definition at `start`."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not LEAD_IN.match(text, above, start):
            break
        start = above
    return start
