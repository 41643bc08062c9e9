"""From files to documents that must be written: parse, leave out what is unchanged, chunk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from indexers.chunk import chunk_document
from indexers.parse.base import ParsedDocument, ParseError
from rag.types import Chunk, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from indexers.run import Run
    from indexers.sources import SourceFile


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A new or changed document, in chunks. `where` is its file, with a record's line."""

    document: Document
    revision: str
    chunks: tuple[Chunk, ...]
    where: str
    size: int


@dataclass(frozen=True, slots=True)
class UnchangedDocuments:
    """So many documents are in the store as they are in the file."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class SkippedPart:
    """A file, or a record of one, that is not indexed."""

    where: str
    reason: str
    size: int


@dataclass(slots=True)
class FinishedSource:
    """All of a file has been given; `doc_ids` are its documents, changed or not.

    `readable` says that nothing in it was broken, `clean` that nothing was skipped.
    """

    source: str
    fingerprint: str = ""
    doc_ids: list[str] = field(default_factory=list)
    readable: bool = True
    clean: bool = True


# `size` of an item is the bytes of the file that it takes.
Item: TypeAlias = PreparedDocument | UnchangedDocuments | SkippedPart | FinishedSource


class Preparer:
    """Reads files and remembers which document ids it has met."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._seen: dict[str, str] = {}  # document id -> where it was given

    @property
    def seen(self) -> Set[str]:
        """Ids of all documents met so far, changed or not."""
        return self._seen.keys()

    def prepare(self, files: Iterable[SourceFile]) -> Iterator[Item]:
        """What each file holds, in order; a file that cannot be read costs only itself."""
        for file in files:
            outcome = FinishedSource(str(file.path))
            try:
                yield from self._file(file, outcome)
            except (ParseError, OSError) as error:
                outcome.readable = outcome.clean = False
                yield SkippedPart(outcome.source, _reason(error), file.size)
            yield outcome

    def _file(self, file: SourceFile, outcome: FinishedSource) -> Iterator[Item]:
        known = self._unchanged(file, outcome)
        if known is not None:
            outcome.doc_ids = known
            self._seen.update(dict.fromkeys(known, outcome.source))
            yield UnchangedDocuments(len(known), file.size)
            return
        # A run that dies from here on must not leave a record of what was there before.
        self._run.manifest.forget(outcome.source)
        for parsed in self._run.clock.each("parse", file.format.parse(file.path)):
            where = _where(outcome.source, parsed.line)
            if isinstance(parsed, ParsedDocument):
                yield self._document(parsed, where, outcome)
            else:
                outcome.readable = outcome.clean = False
                yield SkippedPart(where, parsed.reason, parsed.size)

    def _unchanged(self, file: SourceFile, outcome: FinishedSource) -> list[str] | None:
        """The documents of a file that is in the store as it is, without parsing it."""
        with self._run.clock.stage("parse"):
            outcome.fingerprint = self._run.recipe.fingerprint(file)
            known = self._run.manifest.documents(outcome.source, outcome.fingerprint)
        if known is None or not self._all_stored(known, outcome.source):
            return None
        return known

    def _all_stored(self, doc_ids: Iterable[str], source: str) -> bool:
        found = (self._run.stored.get(doc_id) for doc_id in doc_ids)
        return all(document is not None and document.source == source for document in found)

    def _document(self, parsed: ParsedDocument, where: str, outcome: FinishedSource) -> Item:
        document = self._identified(parsed, outcome.source)
        refusal = self._refusal(document)
        if refusal:
            outcome.clean = False
            return SkippedPart(where, refusal, parsed.size)
        self._seen[document.id] = where
        outcome.doc_ids.append(document.id)
        revision = self._run.recipe.revision(document, parsed.sections)
        stored = self._run.stored.get(document.id)
        if stored and stored.revision == revision:
            return UnchangedDocuments(1, parsed.size)
        chunks = self._chunks(document, parsed.sections)
        return PreparedDocument(document, revision, chunks, where, parsed.size)

    def _chunks(self, document: Document, sections: tuple[int, ...]) -> tuple[Chunk, ...]:
        run = self._run
        with run.clock.stage("chunk"):
            return tuple(
                chunk_document(
                    document, run.collection, run.encoder.count_tokens, run.recipe.chunk, sections
                )
            )

    def _identified(self, parsed: ParsedDocument, source: str) -> Document:
        doc_id = parsed.id if parsed.id is not None else self._file_id(Path(source))
        return Document(doc_id, parsed.text, parsed.title, source, parsed.metadata)

    def _file_id(self, path: Path) -> str:
        base = self._run.recipe.relative_to
        return (path.relative_to(base) if base else path).as_posix()

    def _refusal(self, document: Document) -> str:
        """Why a document must not be written; empty when it may."""
        if not document.text.strip():
            return "it has no text"
        if document.id in self._seen:
            return f'its id "{document.id}" is already that of {self._seen[document.id]}'
        stored = self._run.stored.get(document.id)
        if stored and stored.source != document.source and not _is_gone(stored.source):
            return f'its id "{document.id}" is already that of {stored.source} in the store'
        return ""


def _where(source: str, line: int | None) -> str:
    return source if line is None else f"{source}:{line}"


def _is_gone(source: str) -> bool:
    """The file is not there any more, so that its documents may have moved."""
    path = Path(source)
    return path.is_absolute() and not path.exists()


def _reason(error: ParseError | OSError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    return str(error)
