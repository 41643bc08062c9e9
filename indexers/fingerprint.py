"""Hashes that tell whether a file or a document must be indexed anew."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexers.chunk import CHUNKER_VERSION
from rag.settings import ParseSettings
from rag.types import ChunkContext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from indexers.sources import SourceFile
    from rag.settings import ChunkSettings
    from rag.types import Document

SETTLED_NS = 2_000_000_000  # the coarsest clock of a file system in use, FAT's


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything but the content that decides what the rows of a document look like."""

    chunk: ChunkSettings
    encoder_identity: str
    relative_to: Path | None = None
    parse: ParseSettings = field(default_factory=ParseSettings)
    context: ChunkContext = ChunkContext.TITLE_SECTION

    def fingerprint(self, source: SourceFile) -> str:
        """Changes when the file's bytes or the way to read it change. Raises: OSError."""
        with source.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return _hash(content, *self._reading(source))

    def stamp(self, source: SourceFile) -> str:
        """Changes whenever the fingerprint may have; read from the file system alone.

        Empty while the file is so young that a second change might leave no trace in its
        times. Raises: OSError.
        """
        state = source.path.stat()
        if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) < SETTLED_NS:
            return ""
        seen = state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_dev
        return _hash(*seen, *self._reading(source))

    def revision(self, document: Document, structure: Sequence[object]) -> str:
        """Changes when the rows of the document would change.

        `structure` is what is known of it beside its text, as plain values.
        """
        return _hash(
            document.title,
            document.text,
            document.source,
            dict(document.metadata),
            structure,
            *self._how(),
        )

    def _reading(self, source: SourceFile) -> tuple[object, ...]:
        how = self.parse.parser, self.parse.map, str(self.relative_to), *self._how()
        return source.format.name, source.format.version, *how

    def _how(self) -> tuple[object, ...]:
        """What it was before there was a choice of contexts, where the first one is chosen."""
        how = CHUNKER_VERSION, self.chunk.model_dump(), self.encoder_identity
        return how if self.context is ChunkContext.TITLE_SECTION else (*how, self.context)


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
