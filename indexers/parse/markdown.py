"""Markdown: the file's text is the document's text; its headings begin the sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.decode import decode
from indexers.parse.text import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_MATTER_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's words, without marks, and where its line begins in the text."""

    start: int
    text: str


def parse_markdown(path: Path) -> Iterator[ParsedDocument]:
    """One document; its title is the front matter's, the first heading, or the first line."""
    data = path.read_bytes()
    text = decode(data)
    headings = find_headings(text)
    yield ParsedDocument(
        text=text,
        title=_title(text, headings) or path.stem,
        size=len(data),
        sections=tuple(heading.start for heading in headings),
    )


def find_headings(text: str) -> list[Heading]:
    """The headings at the top level of a Markdown text, in order (CommonMark)."""
    body = _front_matter_end(text)
    tokens = _markdown().parse(text[body:])
    line_starts = list(
        accumulate((len(line) + 1 for line in text[body:].split("\n")), initial=body)
    )
    return [
        Heading(line_starts[token.map[0]], _plain(tokens[index + 1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _title(text: str, headings: list[Heading]) -> str:
    front_matter = FRONT_MATTER.match(text)
    named = front_matter and FRONT_MATTER_TITLE.search(front_matter[1])
    if named:
        return named[1].strip("\"'")
    if headings:
        return headings[0].text
    return first_line(text[_front_matter_end(text) :])


def _front_matter_end(text: str) -> int:
    # CommonMark knows no front matter and would read it as a rule and a heading.
    front_matter = FRONT_MATTER.match(text)
    return front_matter.end() if front_matter else 0


def _plain(inline: Token) -> str:
    words = (child.content for child in inline.children or () if child.type in _WORD_TOKENS)
    return " ".join("".join(words).split())


_WORD_TOKENS = {"text", "code_inline", "softbreak", "text_special"}


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
