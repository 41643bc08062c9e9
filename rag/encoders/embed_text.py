"""The text that is encoded for a chunk, with headings that lead to it above."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from rag.types import SECTION, SECTION_SEPARATOR, ChunkContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.types import Chunk

    CountTokens: TypeAlias = Callable[[str], int]

SPECIAL_TOKENS = 2  # what BERT and XLM-R put around a text
HEADING_MARKS = "#*=_ \t\n"
WITH_TITLE = (ChunkContext.TITLE, ChunkContext.TITLE_SECTION)
WITH_SECTION = (ChunkContext.SECTION, ChunkContext.TITLE_SECTION)


def embed_text(
    chunk: Chunk,
    count_tokens: CountTokens,
    max_tokens: int,
    kind: ChunkContext = ChunkContext.TITLE_SECTION,
) -> str:
    """What `kind` says of title and section, and the text of a chunk, which is always whole.

    Of the headings there is as much as leaves room, and one that the chunk begins with is not
    said twice. `max_tokens` is the encoder's limit, special tokens included. Offsets of a chunk
    never refer to this text.
    """
    context = _context(chunk, kind)
    if not context:
        return chunk.text
    room = max_tokens - SPECIAL_TOKENS
    whole = _join(context, chunk.text)
    if count_tokens(whole) <= room:
        return whole
    return _with_cut_context(context, chunk.text, count_tokens, room)


def _context(chunk: Chunk, kind: ChunkContext) -> str:
    """The headings that lead to the chunk, the title outermost."""
    title = chunk.title if kind in WITH_TITLE else ""
    section = str(chunk.metadata.get(SECTION, "")) if kind in WITH_SECTION else ""
    headings = [title, *section.split(SECTION_SEPARATOR)]
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
