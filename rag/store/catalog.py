"""What is in a database: collections, whole documents, and changes under way.

The engine has no transaction over several calls. So each change of a document is first
noted in the catalog as an intent with a new generation number, then done in the engine,
then committed in the catalog; `rag.store.recovery` finishes or undoes what a crash left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.store.base import CollectionInfo, CollectionSpec, StoredDocument
    from rag.types import DocumentRows


@dataclass(frozen=True, slots=True)
class Intent:
    """A change of one document that has begun.

    Rows of `generation` are the new ones. `removes`: there are none, it is a deletion;
    `replaces`: there may be rows of older generations.
    """

    uid: str
    doc_id: str
    rows: int
    generation: int
    removes: bool
    replaces: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is about to be done to one document; `rows` is how many it will have."""

    doc_id: str
    revision: str = ""
    source: str = ""
    rows: int = 0
    removes: bool = False

    @classmethod
    def write(cls, document: DocumentRows) -> Self:
        """It is inserted, or replaced."""
        return cls(document.doc_id, document.revision, document.source, len(document.rows))

    @classmethod
    def removal(cls, doc_id: str) -> Self:
        """It is deleted."""
        return cls(doc_id, removes=True)


class Catalog(Protocol):
    """Safe to use from several threads. Every method raises StoreError when it fails."""

    def add(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Enter a new collection."""
        ...

    def publish(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Give a collection the name in `spec`; one that had it is forgotten, in one step."""
        ...

    def remove(self, uid: str) -> None:
        """Forget a collection and all its documents."""
        ...

    def collections(self, name: str | None = None) -> list[CollectionInfo]:
        """All collections by name, or the one of that name."""
        ...

    def find(self, name: str) -> tuple[str, CollectionSpec] | None:
        """Uid and specification of the collection of that name."""
        ...

    def documents(self, uid: str) -> dict[str, StoredDocument]:
        """All whole documents of a collection by id."""
        ...

    def page(self, uid: str, limit: int, after: str) -> list[StoredDocument]:
        """The first `limit` whole documents of a collection by id that come after `after`."""
        ...

    def begin(self, uid: str, changes: Sequence[Change]) -> list[Intent]:
        """Note that these changes are about to be made, in one new generation."""
        ...

    def commit(self, intents: Sequence[Intent]) -> None:
        """The engine has done these: the documents are whole, or gone."""
        ...

    def forget(self, intents: Sequence[Intent]) -> None:
        """The engine has undone these: what was there before holds."""
        ...

    def intents(self) -> list[Intent]:
        """Changes that have begun and have not ended."""
        ...

    def generation(self) -> int:
        """The newest generation."""
        ...

    def version(self, uid: str) -> str:
        """Another one after every `commit`, `forget` and `touch`, whoever makes it; cheap."""
        ...

    def touch(self, uid: str) -> None:
        """Searches of the collection may give something else from now on."""
        ...

    def close(self) -> None:
        """Release what it holds; idempotent."""
        ...
