"""Passages from wherever they come, as chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rag.types import Chunk, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

Context: TypeAlias = "str | Sequence[str | Chunk | Passage]"
NAME = "context"


def as_chunks(context: Context) -> list[Chunk]:
    """The passages of a context in order; texts are named context-1, context-2, …"""
    passages = [context] if isinstance(context, str) else context
    return [_chunk(number, passage) for number, passage in enumerate(passages, 1)]


def _chunk(number: int, passage: str | Chunk | Passage) -> Chunk:
    if isinstance(passage, Passage):
        return passage.chunk
    if isinstance(passage, Chunk):
        return passage
    name = f"{NAME}-{number}"
    return Chunk(name, name, "", passage, position=0, start=0, end=len(passage))
