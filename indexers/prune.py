"""Which documents of a collection are gone from where they came from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

    from indexers.sources import Scope
    from rag.store.base import StoredDocument


def gone_documents(
    stored: Mapping[str, StoredDocument],
    scope: Scope,
    seen: Set[str],
    read: Set[str],
) -> Iterator[StoredDocument]:
    """Documents whose file is gone, or whose file was read whole and holds them no more.

    `seen` are the ids found in this run, `read` the sources in which nothing was broken.
    A file that is there but could not be read keeps its documents.
    """
    for document in stored.values():
        if document.doc_id in seen:
            continue
        if document.source in read or _is_gone(document.source, scope):
            yield document


def _is_gone(source: str, scope: Scope) -> bool:
    return scope.covers(source) and not Path(source).exists()
