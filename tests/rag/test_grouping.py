"""Documents from passages."""

from __future__ import annotations

from rag.grouping import by_document
from rag.store.base import Hit
from tests.rag.store.rows import row


def test_documents_come_by_their_best_passage_with_the_next_ones_inside() -> None:
    places = [("a", 3), ("b", 0), ("a", 1), ("a", 0), ("b", 2)]
    hits = [
        Hit(row(doc_id, position).chunk, 1 / rank)
        for rank, (doc_id, position) in enumerate(places, 1)
    ]
    documents = by_document(hits, 2)
    assert [(d.chunk.id, d.score) for d in documents] == [("a#3", 1.0), ("b#0", 0.5)]
    assert [[c.id for c in d.inside] for d in documents] == [["a#1"], ["b#2"]]
    assert [d.inside for d in by_document(hits, 1)] == [(), ()]
