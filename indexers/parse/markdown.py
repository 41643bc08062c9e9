"""Markdown: the file's text is the document's text; its headings begin the sections.

Front matter becomes metadata and stays in the text, so that offsets are those of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.decode import decode
from indexers.parse.front_matter import read_front_matter
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's words, without marks, and where its line begins in the text."""

    start: int
    text: str


def parse_markdown(path: Path) -> Iterator[ParsedDocument]:
    """One document; its title is the front matter's, the first heading, or the first line."""
    data = path.read_bytes()
    text = decode(data)
    front_matter = read_front_matter(text)
    headings = find_headings(text, front_matter.end)
    yield ParsedDocument(
        text=text,
        title=front_matter.title or _title(text, headings, front_matter.end) or path.stem,
        size=len(data),
        metadata=front_matter.metadata,
        sections=tuple(heading.start for heading in headings),
    )


def find_headings(text: str, body: int = 0) -> list[Heading]:
    """The headings at the top level of a Markdown text, in order (CommonMark).

    The text begins at `body`: CommonMark would read front matter as a rule and a heading.
    """
    tokens = _markdown().parse(text[body:])
    line_starts = list(
        accumulate((len(line) + 1 for line in text[body:].split("\n")), initial=body)
    )
    return [
        Heading(line_starts[token.map[0]], _plain(tokens[index + 1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _title(text: str, headings: list[Heading], body: int) -> str:
    return headings[0].text if headings else first_line(text[body:])


def _plain(inline: Token) -> str:
    words = (child.content for child in inline.children or () if child.type in _WORD_TOKENS)
    return " ".join("".join(words).split())


_WORD_TOKENS = {"text", "code_inline", "softbreak", "text_special"}


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
