"""LanceDB: its flat dense search, its full text, its RRF reranker, its multivector search."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS, BTree
from lancedb.rerankers import RRFReranker

from eval.peers.base import Found, Peer, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eval.peers.base import Setup
    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked
    from rag.types import FloatArray

TABLE = "passages"
SHOWN = ["number", "id", "doc_id", "text"]
# Every vector has unit length, but a question's token vectors are longer the more their token
# counts for: that is what "dot" keeps and "cosine" would lose.
METRIC = "dot"
# Each insert leaves a version behind; without this they would all count as its bytes.
OUTDATED = timedelta(milliseconds=1)


class LanceDbPeer(Peer):
    """Without vector indexes, as its manual advises for so few rows: searches are exact.

    It has no reranker that takes given token vectors; its multivector search does, over the
    rows that the hybrid search found.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._database = lancedb.connect(setup.folder)
        self._table: Any = None
        self._reranker = RRFReranker(K=setup.settings.search.rank_constant)
        self._searches: Mapping[Way, Callable[[Asked, int], pa.Table]] = {
            Way.DENSE: self._dense,
            Way.HYBRID: self._hybrid,
            Way.RERANK: self._rerank,
        }

    def add(self, passages: Passages) -> None:
        """One insert."""
        if self._table is None:
            self._table = self._database.create_table(TABLE, _rows(passages, 0))
        else:
            self._table.add(_rows(passages, self._table.count_rows()))

    def finish(self) -> None:
        """Index the words, and the numbers by which the rerank's rows are found."""
        self._table.create_index("text", config=FTS())
        self._table.create_index("number", config=BTree())
        self._table.optimize(cleanup_older_than=OUTDATED)

    def open(self) -> None:
        """Open the table."""
        self._table = self._database.open_table(TABLE)

    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:
        """In one call, or two for the rerank."""
        found = self._searches[way](asked, count)
        scores = _scores(found)
        shown = zip(*(found[name].to_pylist() for name in SHOWN[1:]), scores, strict=True)
        return [Found(*row) for row in shown]

    def _dense(self, asked: Asked, count: int) -> pa.Table:
        return self._nearest(asked.encoding.dense, "dense", count).to_arrow()

    def _hybrid(self, asked: Asked, count: int) -> pa.Table:
        search = self._table.search(
            query_type="hybrid", vector_column_name="dense", fts_columns="text"
        )
        search = search.vector(asked.encoding.dense).text(asked.question.text)
        return (
            search.distance_type(METRIC)
            .select(SHOWN)
            .limit(count)
            .rerank(self._reranker)
            .to_arrow()
        )

    def _rerank(self, asked: Asked, count: int) -> pa.Table:
        numbers = self._hybrid(asked, count)["number"].to_pylist()
        search = self._nearest(asked.encoding.tokens, "tokens", count)
        among = f"number IN ({', '.join(map(str, numbers))})"
        return search.where(among, prefilter=True).to_arrow()

    def _nearest(self, vectors: FloatArray, column: str, count: int) -> Any:
        search = self._table.search(vectors, vector_column_name=column)
        return search.distance_type(METRIC).select([*SHOWN, "_distance"]).limit(count)


def _scores(found: pa.Table) -> list[float]:
    """Higher is better, whichever search gave them."""
    if "_relevance_score" in found.column_names:
        return [float(score) for score in found["_relevance_score"].to_pylist()]
    return [-float(distance) for distance in found["_distance"].to_pylist()]


def _rows(passages: Passages, first: int) -> pa.Table:
    encodings = passages.encodings
    lengths = [len(encoding.tokens) for encoding in encodings]
    borders = pa.array(np.cumsum([0, *lengths]), type=pa.int32())
    return pa.table(
        {
            "number": pa.array(range(first, first + len(passages)), type=pa.int64()),
            "id": [chunk.id for chunk in passages.chunks],
            "doc_id": [chunk.doc_id for chunk in passages.chunks],
            "text": list(passages.texts),
            "dense": _vectors(np.stack([encoding.dense for encoding in encodings])),
            "tokens": pa.ListArray.from_arrays(
                borders, _vectors(np.concatenate([encoding.tokens for encoding in encodings]))
            ),
        }
    )


def _vectors(matrix: FloatArray) -> pa.FixedSizeListArray:
    flat = pa.array(np.ascontiguousarray(matrix, dtype=np.float32).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1])
