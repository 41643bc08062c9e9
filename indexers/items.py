"""What reading gives, in the order in which it is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from indexers.duplicates import Match
    from rag.types import Chunk, Document


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A new or changed document, in chunks. `where` is its file, with a record's line.

    `texts` are what is encoded for each chunk.
    """

    document: Document
    revision: str
    chunks: tuple[Chunk, ...]
    texts: tuple[str, ...]
    where: str
    size: int


@dataclass(frozen=True, slots=True)
class UnchangedDocuments:
    """So many documents are in the store as they are in the file."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class DuplicateDocument:
    """A document that is not indexed, since it repeats another one."""

    where: str
    match: Match
    size: int


@dataclass(frozen=True, slots=True)
class SkippedPart:
    """A file, or a part of one, that is not indexed; `on_purpose` when that is no failure."""

    where: str
    reason: str
    size: int
    on_purpose: bool = False


@dataclass(slots=True)
class FinishedSource:
    """All of a file has been given; `doc_ids` are its documents, changed or not.

    `readable` says that nothing in it was broken, `clean` that nothing was skipped,
    `unchanged` that it is in the manifest as it is.
    """

    source: str
    fingerprint: str = ""
    stamp: str = ""
    doc_ids: list[str] = field(default_factory=list)
    readable: bool = True
    clean: bool = True
    unchanged: bool = False


# `size` of an item is the bytes of the file that it takes.
Item: TypeAlias = (
    PreparedDocument | UnchangedDocuments | DuplicateDocument | SkippedPart | FinishedSource
)
