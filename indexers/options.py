"""How to index: what a caller of the pipeline may choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexers.sources import SourceOptions
from rag.settings import ChunkSettings, FetchSettings, IndexSettings, ParseSettings

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
    whose file, or whose record in a file, is gone from the given paths. `dedupe` leaves
    out documents that nearly repeat another one. `batch_chunks` is
    how many chunks are encoded together, and the most that lie between two writes (a document is
    never split); `searchable_timeout`
    is in seconds.
    """

    chunk: ChunkSettings = field(default_factory=ChunkSettings)
    parse: ParseSettings = field(default_factory=ParseSettings)
    layout: IndexSettings = field(default_factory=IndexSettings)
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    ignore: tuple[str, ...] = ()
    stdin_name: str = "stdin.txt"
    relative_to: Path | None = None
    prune: bool = False
    dedupe: bool = False
    batch_chunks: int = 128
    searchable_timeout: float = 120.0

    @property
    def sources(self) -> SourceOptions:
        """How sources are found."""
        return SourceOptions(self.parse.parser, self.ignore, self.stdin_name, self.fetch)
