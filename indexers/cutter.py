"""From what a parser gives to a document in chunks: the same wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.chunk import chunk_document
from indexers.parse.base import structure_of
from rag.encoders.embed_text import embed_text
from rag.types import Document

if TYPE_CHECKING:
    from indexers.fingerprint import Recipe
    from indexers.parse.base import ParsedDocument
    from indexers.sources import SourceFile
    from rag.encoders.base import Encoder
    from rag.types import Chunk


@dataclass(frozen=True, slots=True)
class Cut:
    """The chunks of a document, and the text that is encoded for each."""

    chunks: tuple[Chunk, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document of a file, before it is decided whether it must be written.

    `cut` is there when it was cut where it was read.
    """

    document: Document
    revision: str
    parsed: ParsedDocument
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Cutter:
    """Gives documents their ids, revisions and chunks; nothing else decides about them."""

    collection: str
    recipe: Recipe

    def identify(self, parsed: ParsedDocument, file: SourceFile) -> ReadDocument:
        """The document that a file gave, not yet cut."""
        parsed = replace(parsed, title=file.titled(parsed.title))
        doc_id = self._file_id(file.name) + parsed.part if parsed.id is None else parsed.id
        document = Document(doc_id, parsed.text, parsed.title, file.name, parsed.metadata)
        return ReadDocument(document, self.recipe.revision(document, structure_of(parsed)), parsed)

    def cut(self, read: ReadDocument, encoder: Encoder) -> Cut:
        """Its chunks, counted in the encoder's tokens. Raises: SettingsError."""
        chunks = tuple(
            chunk_document(
                read.document,
                self.collection,
                encoder.count_tokens,
                self.recipe.chunk,
                read.parsed.sections,
                read.parsed.places,
                read.parsed.blocks,
            )
        )
        limit, context = encoder.info.max_tokens, self.recipe.context
        texts = (embed_text(chunk, encoder.count_tokens, limit, context) for chunk in chunks)
        return Cut(chunks, tuple(texts))

    def _file_id(self, source: str) -> str:
        path = Path(source)
        if not path.is_absolute():  # it was fetched, and its address is its id
            return source
        base = self.recipe.relative_to
        return (path.relative_to(base) if base else path).as_posix()
