"""Rankings of documents, each with the passages inside it that matched.

A document of chunks is ranked by its best chunk (MaxP: Dai & Callan 2019, "Deeper Text
Understanding for IR with Contextual Neural Language Modeling", SIGIR).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.types import GroupBy, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.settings import SearchSettings
    from rag.store.base import Hit, HybridQuery, Store


def search_grouped(
    store: Store, collection: str, query: HybridQuery, options: SearchSettings
) -> list[Hit]:
    """Hits of a query: passages, or documents by their best passage.

    Documents are given where `options` ask for them and where rows are documents. Grouping
    sees `query.candidates` chunks, which may be of fewer than `query.top_k` documents.
    """
    if store.spec(collection).layout.unit is Unit.DOCUMENT:
        return store.search_documents(collection, query, options.inside)
    if options.group_by is not GroupBy.DOCUMENT:
        return store.search(collection, query)
    hits = store.search(collection, replace(query, top_k=query.candidates))
    return by_document(hits, options.inside)[: query.top_k]


def by_document(hits: Iterable[Hit], count: int) -> list[Hit]:
    """The best hit of each document, with `count` passages of it at most, itself included."""
    documents: dict[str, list[Hit]] = {}
    for hit in hits:
        documents.setdefault(hit.chunk.doc_id, []).append(hit)
    return [
        replace(best, inside=tuple(other.chunk for other in others[: count - 1]))
        for best, *others in documents.values()
    ]
