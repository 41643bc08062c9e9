"""A document's text put together block by block, with its headings, pages and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument, Place
from indexers.parse.decode import normalize_newlines
from indexers.parse.outline import HeadingPath
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.types import MetadataValue

GAP = "\n\n"


class DocumentBuilder:
    """Appends blocks with an empty line between them and notes where each stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._path = HeadingPath()
        self._page: int | None = None
        self._sections: list[int] = []
        self._places: list[Place] = []
        self._blocks: list[tuple[int, int]] = []

    @property
    def is_empty(self) -> bool:
        """Nothing was added yet."""
        return not self._parts

    def heading(self, level: int, words: str) -> None:
        """Begin a section; its heading is part of the text. `level` 1 is the outermost."""
        heading = " ".join(clean(words).split())
        if not heading:
            return
        self._path.enter(level, heading)
        start, _ = self._append(heading)
        self._sections.append(start)
        self._note_place(start)

    def page(self, number: int) -> None:
        """What follows stands on that page."""
        self._page = number
        self._note_place(self._next_start())

    def paragraph(self, words: str) -> None:
        """Add running text; blank text is left out."""
        text = clean(words).strip()
        if text:
            self._append(text)

    def lines(self, lines: Iterable[str]) -> None:
        """Add lines of which each is kept whole."""
        start = self._next_start()
        kept = [line for line in (" ".join(clean(line).split()) for line in lines) if line]
        if not kept:
            return
        self._append("\n".join(kept))
        for line in kept:
            self._blocks.append((start, start + len(line)))
            start += len(line) + 1

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Add a table as lines of cells, kept whole."""
        lines = [_table_line(row) for row in rows]
        text = "\n".join(line for line in lines if line)
        if text:
            self._blocks.append(self._append(text))

    def build(
        self,
        size: int,
        fallback_title: str,
        title: str = "",
        metadata: dict[str, MetadataValue] | None = None,
    ) -> ParsedDocument:
        """The document; without a `title`, its first line or the fallback is the title."""
        text = "".join(self._parts)
        return ParsedDocument(
            text=text,
            title=" ".join(clean(title).split()) or first_line(text) or fallback_title,
            size=size,
            metadata=metadata or {},
            sections=tuple(self._sections),
            places=tuple(self._places),
            blocks=tuple(self._blocks),
        )

    def _next_start(self) -> int:
        return self._length + (len(GAP) if self._parts else 0)

    def _append(self, text: str) -> tuple[int, int]:
        if self._parts:
            self._parts.append(GAP)
        start = self._next_start()
        self._parts.append(text)
        self._length = start + len(text)
        return start, self._length

    def _note_place(self, start: int) -> None:
        if self._places and self._places[-1].start == start:
            self._places.pop()
        self._places.append(Place(start, self._path.path, self._page))


def clean(text: str) -> str:
    """What a library gives as text, made text: no NUL, no half of a surrogate pair."""
    unicode = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return normalize_newlines(unicode.replace("\0", ""))


def _table_line(cells: Sequence[str]) -> str:
    words = [" ".join(clean(cell).split()) for cell in cells]
    return " | ".join(words).strip() if any(words) else ""
