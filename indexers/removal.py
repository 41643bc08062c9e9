"""Deleting single documents so that the next run of indexing knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.manifest import Manifest
from rag.errors import DocumentNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.target import IndexTarget


@dataclass(frozen=True, slots=True)
class Removal:
    """Documents that were deleted. `returning` are their sources that are still there: the
    next run of indexing over them writes the documents again."""

    deleted: tuple[str, ...]
    returning: tuple[str, ...]


def delete_documents(store: IndexTarget, collection: str, doc_ids: Sequence[str]) -> Removal:
    """Delete documents by id, and forget that their sources are indexed.

    Raises: DocumentNotFoundError before anything is deleted; StoreError.
    """
    info, stored = store.describe(collection), store.documents(collection)
    missing = next((doc_id for doc_id in doc_ids if doc_id not in stored), None)
    if missing is not None:
        raise DocumentNotFoundError(
            f"There is no document {missing!r:.200} in {collection}; list its documents to see "
            "which there are."
        )
    sources = tuple(dict.fromkeys(stored[doc_id].source for doc_id in doc_ids))
    # First: a kill in between then costs a look at the files, not a document.
    with Manifest.open(store.state_dir, info.uid) as manifest:
        for source in sources:
            manifest.forget(source)
    store.delete(collection, doc_ids)
    return Removal(tuple(doc_ids), tuple(source for source in sources if _is_there(source)))


def _is_there(source: str) -> bool:
    path = Path(source)
    return path.is_absolute() and path.exists()
