"""What stands around the passages in their documents, for a language model to read with them."""

from __future__ import annotations

from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from rag.types import SECTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.settings import AnswerSettings
    from rag.store.base import Store
    from rag.types import Chunk, MetadataValue, SearchResult

    # By the id of a passage's chunk: the run of chunks to read, in order, it among them.
    Around: TypeAlias = Mapping[str, Sequence[Chunk]]

NOTHING_AROUND: Around = MappingProxyType({})


def neighbours_of(store: Store, found: SearchResult, settings: AnswerSettings) -> Around:
    """The neighbours of the passages that may be sent, within their sections.

    Raises: CollectionNotFoundError, when it was dropped after the search.
    """
    if not settings.neighbours:
        return NOTHING_AROUND
    chunks = [passage.chunk for passage in found.passages[: settings.passages]]
    runs = store.neighbours(found.collection, chunks, settings.neighbours)
    return {chunk.id: _in_section(chunk, run) for chunk, run in zip(chunks, runs, strict=True)}


def _in_section(chunk: Chunk, run: Sequence[Chunk]) -> Sequence[Chunk]:
    """The part of a run around a chunk that is in one section with it."""
    parts = (list(part) for _, part in groupby(run, key=_section))
    return next(part for part in parts if chunk in part)


def _section(chunk: Chunk) -> MetadataValue | None:
    return chunk.metadata.get(SECTION)
