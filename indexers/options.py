"""How to index: what a caller of the pipeline may choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.settings import ChunkSettings, IndexSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.store.base import FieldType


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """Choices of one run.

    `layout` is how documents are kept; a collection that exists must agree with what it gives.
    `fields` are the metadata fields of a collection that is made by this run. The id of
    a file is its absolute path, or its path from `relative_to`. `prune` deletes documents
    whose file, or whose record in a file, is gone from the given paths. `batch_chunks` is
    how many chunks are written together (a document is never split); `searchable_timeout`
    is in seconds.
    """

    chunk: ChunkSettings = field(default_factory=ChunkSettings)
    layout: IndexSettings = field(default_factory=IndexSettings)
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    relative_to: Path | None = None
    prune: bool = False
    batch_chunks: int = 128
    searchable_timeout: float = 120.0
