"""The path of headings that leads to each section of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexers.parse.base import Place
from rag.types import SECTION_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_HEADING = 120  # what is longer is no name of a section, whatever its markup
HASHES = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*(?:\n|\Z)")
UNDERLINED = re.compile(r"[ \t]*(\S.*)\n[ \t]*([^\w\s])\2*[ \t]*(?:\n|\Z)")
EMPHASIS = "*_` "


class HeadingPath:
    """The headings that are open at a point of a text, outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> str:
        """Begin a section of that level (1 is the outermost); gives its path."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, " ".join(heading.split())[:LONGEST_HEADING]))
        return self.path

    @property
    def path(self) -> str:
        """The open headings that have words."""
        return SECTION_SEPARATOR.join(heading for _, heading in self._open if heading)


def outline(text: str, sections: Iterable[int]) -> tuple[Place, ...]:
    """The places of sections whose headings are `#` or underlined lines.

    The level of an underlined heading is the order in which its mark first appears
    (reStructuredText; in Markdown = comes before - in all but odd texts).
    """
    path = HeadingPath()
    marks: list[str] = []
    places = []
    for start in sections:
        found = _heading(text, start, marks)
        if found:
            places.append(Place(start, path.enter(*found)))
    return tuple(places)


def _heading(text: str, start: int, marks: list[str]) -> tuple[int, str] | None:
    hashes = HASHES.match(text, start)
    if hashes:
        return len(hashes[1]), hashes[2].strip(EMPHASIS)
    underlined = UNDERLINED.match(text, start)
    if not underlined:
        return None
    mark = underlined[2]
    if mark not in marks:
        marks.append(mark)
    return marks.index(mark) + 1, underlined[1].strip(EMPHASIS)
