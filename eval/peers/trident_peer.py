"""Trident's own store, with the settings of the comparison: the row that others stand beside."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from eval.peers.base import Found, Peer, Way
from rag.retrieve import build_query
from rag.store.base import CollectionSpec
from rag.store.embedded import EmbeddedStore
from rag.types import DocumentRows, Layout, Rerank, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.peers.base import Setup
    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked

COLLECTION = "passages"
# As changes of the search settings.
CHANGES: Mapping[Way, Mapping[str, Any]] = {
    Way.HYBRID: {"rerank": Rerank.NONE},
    Way.RERANK: {"rerank": Rerank.TENSOR},
    Way.JOINED: {"rerank": Rerank.TENSOR_FUSE},
}


class TridentPeer(Peer):
    """The embedded store; a search is what `Rag.search` asks of it."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._store = EmbeddedStore.open(setup.folder)

    def add(self, passages: Passages) -> None:
        """One write of whole documents, into a collection that is made when absent."""
        if not self._store.collections():
            layout = self.setup.settings.index.over(Layout())
            self._store.create_collection(
                CollectionSpec(COLLECTION, self.setup.encoder, layout=layout)
            )
        self._store.write(COLLECTION, _documents(passages))

    def finish(self) -> None:
        """Wait until every leg sees every row."""
        self._store.wait_until_searchable(COLLECTION, self.setup.settings.store.searchable_timeout)

    def open(self) -> None:
        """Nothing: the store is open."""

    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:
        """In one call."""
        changes = {**CHANGES[way], "candidates": count, "top_k": count}
        options = self.setup.settings.search.model_copy(update=changes)
        query = build_query(asked.question.text, asked.encoding, options, None)
        hits = self._store.search(COLLECTION, query)
        return [Found(hit.chunk.id, hit.chunk.doc_id, hit.chunk.text, hit.score) for hit in hits]

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


def _documents(passages: Passages) -> list[DocumentRows]:
    rows = map(Row, passages.chunks, passages.encodings)
    return [
        DocumentRows(doc_id, "", "", tuple(group))
        for doc_id, group in groupby(rows, lambda row: row.chunk.doc_id)
    ]
