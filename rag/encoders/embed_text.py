"""The text that is encoded for a chunk: its document's title and section above it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from rag.types import SECTION, SECTION_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.types import Chunk

    CountTokens: TypeAlias = Callable[[str], int]

SPECIAL_TOKENS = 2  # what BERT and XLM-R put around a text
HEADING_MARKS = "#*=_ \t\n"


def embed_text(chunk: Chunk, count_tokens: CountTokens, max_tokens: int) -> str:
    """Title, section and text of a chunk, with as much of the first two as leaves room.

    A heading that the chunk begins with is not said twice. `max_tokens` is the encoder's
    limit, special tokens included. Offsets of a chunk never refer to this text.
    """
    context = _context(chunk)
    if not context:
        return chunk.text
    room = max_tokens - SPECIAL_TOKENS
    whole = _join(context, chunk.text)
    if count_tokens(whole) <= room:
        return whole
    return _with_cut_context(context, chunk.text, count_tokens, room)


def _context(chunk: Chunk) -> str:
    """The headings that lead to the chunk, the title outermost."""
    section = str(chunk.metadata.get(SECTION, ""))
    headings = [chunk.title, *section.split(SECTION_SEPARATOR)]
    path = [heading for heading, _ in groupby(headings) if heading]
    if path and chunk.text.lstrip(HEADING_MARKS).startswith(path[-1]):
        path.pop()
    return SECTION_SEPARATOR.join(path)


def _with_cut_context(context: str, text: str, count_tokens: CountTokens, room: int) -> str:
    """As many of the context's first words as fit, found by bisection."""
    words = context.split()
    fits, above = 0, min(len(words), room) + 1
    while above - fits > 1:
        middle = (fits + above) // 2
        if count_tokens(_join(" ".join(words[:middle]), text)) <= room:
            fits = middle
        else:
            above = middle
    return _join(" ".join(words[:fits]), text) if fits else text


def _join(context: str, text: str) -> str:
    return f"{context}\n{text}"
