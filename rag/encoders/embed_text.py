"""The text that is encoded for a chunk: its document's title above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.types import Chunk

    CountTokens: TypeAlias = Callable[[str], int]

SPECIAL_TOKENS = 2  # what BERT and XLM-R put around a text
HEADING_MARKS = "#*=_ \t\n"


def embed_text(chunk: Chunk, count_tokens: CountTokens, max_tokens: int) -> str:
    """Title and text of a chunk, with as much of the title as leaves the text whole.

    A chunk that begins with the title is given as it is. `max_tokens` is the encoder's
    limit, special tokens included. Offsets of a chunk never refer to this text.
    """
    if not chunk.title or chunk.text.lstrip(HEADING_MARKS).startswith(chunk.title):
        return chunk.text
    room = max_tokens - SPECIAL_TOKENS
    whole = _join(chunk.title, chunk.text)
    if count_tokens(whole) <= room:
        return whole
    return _with_cut_title(chunk, count_tokens, room)


def _with_cut_title(chunk: Chunk, count_tokens: CountTokens, room: int) -> str:
    """As many of the title's first words as fit, found by bisection."""
    words = chunk.title.split()
    fits, above = 0, min(len(words), room) + 1
    while above - fits > 1:
        middle = (fits + above) // 2
        if count_tokens(_join(" ".join(words[:middle]), chunk.text)) <= room:
            fits = middle
        else:
            above = middle
    return _join(" ".join(words[:fits]), chunk.text) if fits else chunk.text


def _join(title: str, text: str) -> str:
    return f"{title}\n{text}"
