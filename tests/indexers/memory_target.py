"""A store of nothing but what it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import CollectionNotFoundError
from rag.store.base import CollectionInfo, StoredDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rag.store.base import CollectionSpec
    from rag.types import DocumentRows


class MemoryTarget:
    """A store that keeps what it is told of documents and forgets their rows.

    `before_write` is called with the number of earlier writes.
    """

    def __init__(self, state_dir: Path, before_write: Callable[[int], None] = lambda _: None):
        self.state_dir = state_dir
        self.writes: list[list[str]] = []
        self._before_write = before_write
        self._stored: dict[str, StoredDocument] = {}
        self._spec: CollectionSpec | None = None

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        self._spec = spec
        return self.describe(spec.name)

    def describe(self, collection: str) -> CollectionInfo:
        if self._spec is None:
            raise CollectionNotFoundError(collection)
        return CollectionInfo(self._spec, "uid", "", len(self._stored), 0)

    def write(self, _collection: str, documents: Sequence[DocumentRows]) -> None:
        self._before_write(len(self.writes))
        self.writes.append([document.doc_id for document in documents])
        for one in documents:
            self._stored[one.doc_id] = StoredDocument(
                one.doc_id, one.revision, one.source, len(one.rows)
            )

    def delete(self, _collection: str, doc_ids: Sequence[str]) -> int:
        return sum(self._stored.pop(doc_id, None) is not None for doc_id in doc_ids)

    def documents(self, _collection: str) -> dict[str, StoredDocument]:
        return dict(self._stored)

    def wait_until_searchable(self, _collection: str, _timeout: float) -> None:
        pass

    def merge_indexes(self, _collection: str, *, always: bool = False) -> bool:
        return always
