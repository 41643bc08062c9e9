"""reStructuredText: the file's text is the document's text; its titles begin the sections."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument, Place
from indexers.parse.decode import decode
from indexers.parse.outline import HeadingPath
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docutils import nodes

    from indexers.parse.reading import Reading

# Nothing that a text says may read another file, and nothing is printed about its faults.
SAFE = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,
    "doctitle_xform": False,
    "sectsubtitle_xform": False,
    "input_encoding": "unicode",
    "_disable_config": True,
}


def parse_rst(path: Path, reading: Reading) -> Iterator[ParsedDocument]:  # noqa: ARG001 - as all parsers
    """One document; its title is the first section's, else the first line."""
    data = path.read_bytes()
    text = decode(data)
    titles = list(_titles(text))
    places = tuple(_places(text, titles))
    yield ParsedDocument(
        text=text,
        title=(titles[0][1] if titles else first_line(text)) or path.stem,
        size=len(data),
        sections=tuple(place.start for place in places),
        places=places,
    )


def _titles(text: str) -> Iterator[tuple[int, str, int]]:
    """Level, words and line (from 0) of every section's title, in order."""
    from docutils import nodes
    from docutils.core import publish_doctree

    tree = publish_doctree(text, settings_overrides=SAFE)
    lines = text.split("\n")
    line = 0
    for section in tree.findall(nodes.section):
        title = section.next_node(nodes.title)
        if title is not None:
            line = _line_of(title, lines, line)
            yield _level(section), title.astext(), line


def _line_of(title: nodes.title, lines: list[str], after: int) -> int:
    """The title's own line: docutils tells that of its last mark."""
    source = title.rawsource.strip()
    stop = min(title.line or after + 1, len(lines))
    return next((n for n in range(stop - 1, after - 1, -1) if lines[n].strip() == source), after)


def _level(section: nodes.section) -> int:
    level, parent = 1, section.parent
    while parent is not None and parent.parent is not None:
        level, parent = level + 1, parent.parent
    return level


def _places(text: str, titles: list[tuple[int, str, int]]) -> Iterator[Place]:
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    path = HeadingPath()
    for level, words, line in titles:
        yield Place(starts[line], path.enter(level, words))
