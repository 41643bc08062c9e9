"""Passages for tests, cut out of one text."""

from __future__ import annotations

from rag.types import Chunk, Passage


def passage(
    text: str, *, rank: int = 1, doc_id: str = "d", start: int = 0, title: str = ""
) -> Passage:
    """One passage with its place in a document."""
    chunk = Chunk(f"{doc_id}-{start}", doc_id, title, text, 0, start, start + len(text))
    return Passage(rank, 1.0, None, chunk)
