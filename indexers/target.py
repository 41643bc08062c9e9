"""What indexing asks of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.store.base import CollectionInfo, CollectionSpec, StoredDocument
    from rag.types import DocumentRows


class IndexTarget(Protocol):
    """The part of `rag.store.base.Store` that writes; every method is as it says there."""

    @property
    def state_dir(self) -> Path:
        """A folder for small state that belongs to this database."""
        ...

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make an empty collection with all its indexes."""
        ...

    def describe(self, collection: str) -> CollectionInfo:
        """One collection with its sizes."""
        ...

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert documents, or replace those with the same id; each whole or not at all."""
        ...

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents; gives how many were there."""
        ...

    def documents(self, collection: str) -> dict[str, StoredDocument]:
        """All whole documents by id."""
        ...

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until every leg sees every row."""
        ...

    def merge_indexes(self, collection: str, *, always: bool = False) -> bool:
        """Merge the parts that writing has left each index in, where it is worth its time."""
        ...
