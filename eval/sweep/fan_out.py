"""One indexing run into several collections, so that each chunk is encoded once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexers.pool import pooled
from rag.errors import CollectionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eval.sweep.plan import EvalCollection
    from rag.store.base import CollectionInfo, CollectionSpec, Store, StoredDocument
    from rag.types import DocumentRows


@dataclass(frozen=True, slots=True)
class FanOut:
    """The collections of `store` as one; an `indexers.target.IndexTarget`.

    The name by which it is asked stands for all of them. A document is there when it is in
    every one, in one revision: after a kill between two writes it is written to all again.
    What comes has all its token vectors: they are pooled here, for each as its layout says.
    """

    store: Store
    collections: Sequence[EvalCollection]

    @property
    def state_dir(self) -> Path:
        """That of the store."""
        return self.store.state_dir

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make those that are missing, each in its own layout."""
        for collection in self.collections:
            if not self._exists(collection.stored):
                own = replace(spec, name=collection.stored, layout=collection.layout)
                self.store.create_collection(own)
        return self.describe(spec.name)

    def describe(self, collection: str) -> CollectionInfo:  # noqa: ARG002 - stands for all
        """The first, unpooled, under a uid of all.

        Raises: CollectionNotFoundError when one is missing.
        """
        infos = [self.store.describe(one.stored) for one in self.collections]
        first = infos[0].spec
        unpooled = replace(first, layout=replace(first.layout, token_pooling=1))
        return replace(infos[0], spec=unpooled, uid="-".join(info.uid for info in infos))

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:  # noqa: ARG002 - stands for all
        """Into each."""
        for one in self.collections:
            factor = one.layout.token_pooling
            self.store.write(one.stored, [_pooled(document, factor) for document in documents])

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:  # noqa: ARG002 - stands for all
        """From each; gives the most that were in one."""
        return max(self.store.delete(one.stored, doc_ids) for one in self.collections)

    def documents(self, collection: str) -> dict[str, StoredDocument]:  # noqa: ARG002 - stands for all
        """Those that are alike in all."""
        first, *others = (self.store.documents(one.stored) for one in self.collections)
        return {
            doc_id: document
            for doc_id, document in first.items()
            if all(_revision(other.get(doc_id)) == document.revision for other in others)
        }

    def wait_until_searchable(self, collection: str, timeout: float) -> None:  # noqa: ARG002 - stands for all
        """For each."""
        for one in self.collections:
            self.store.wait_until_searchable(one.stored, timeout)

    def merge_indexes(self, collection: str, *, always: bool = False) -> bool:  # noqa: ARG002 - stands for all
        """Of each; says whether it was done for one."""
        merged = [self.store.merge_indexes(one.stored, always=always) for one in self.collections]
        return any(merged)

    def _exists(self, name: str) -> bool:
        try:
            self.store.spec(name)
        except CollectionNotFoundError:
            return False
        return True


def _pooled(document: DocumentRows, factor: int) -> DocumentRows:
    rows = (replace(row, encoding=pooled(row.encoding, factor)) for row in document.rows)
    return replace(document, rows=tuple(rows))


def _revision(document: StoredDocument | None) -> str | None:
    return document.revision if document else None
