"""Hashes that tell whether a file or a document must be indexed anew."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexers.chunk import CHUNKER_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.sources import SourceFile
    from rag.settings import ChunkSettings
    from rag.types import Document


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything but the content that decides what the rows of a document look like."""

    chunk: ChunkSettings
    encoder_identity: str
    relative_to: Path | None = None

    def fingerprint(self, source: SourceFile) -> str:
        """Changes when the file's bytes or the way to read it change. Raises: OSError."""
        with source.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return _hash(
            content, source.format.name, source.format.version, str(self.relative_to), *self._how()
        )

    def revision(self, document: Document, sections: tuple[int, ...]) -> str:
        """Changes when the rows of the document would change."""
        return _hash(
            document.title,
            document.text,
            document.source,
            dict(document.metadata),
            sections,
            *self._how(),
        )

    def _how(self) -> tuple[object, ...]:
        return CHUNKER_VERSION, self.chunk.model_dump(), self.encoder_identity


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
