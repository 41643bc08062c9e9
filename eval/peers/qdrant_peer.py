"""Qdrant in local mode: the client's own engine, in this process, over one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdrant_client import QdrantClient, models

from eval.peers.base import Found, Peer, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eval.peers.base import Setup
    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked
    from rag.types import Chunk, Encoding, SparseVector

COLLECTION = "passages"
# Every vector has unit length, but a question's token vectors are longer the more their token
# counts for: that is what the inner product keeps.
DISTANCE = models.Distance.DOT


class QdrantPeer(Peer):
    """Dense, sparse and token vectors as named vectors, all asked for in one nested query.

    Local mode searches exhaustively. It has no full-text ranking of its own.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._client = QdrantClient(path=str(setup.folder))
        self._next = 0
        # Ranks count from 0 in its formula, from 1 in ours.
        self._rrf = models.RrfQuery(rrf=models.Rrf(k=setup.settings.search.rank_constant + 1))
        self._searches: Mapping[Way, Callable[[Asked, int], models.QueryResponse]] = {
            Way.DENSE: self._dense,
            Way.HYBRID: self._hybrid,
            Way.RERANK: self._rerank,
        }

    def add(self, passages: Passages) -> None:
        """One upsert, into a collection that is made when absent."""
        if not self._client.collection_exists(COLLECTION):
            self._create()
        rows = zip(passages.chunks, passages.texts, passages.encodings, strict=True)
        points = [_point(number, *row) for number, row in enumerate(rows, self._next)]
        self._client.upsert(COLLECTION, points)
        self._next += len(points)

    def finish(self) -> None:
        """Nothing: it writes at once and has no indexes."""

    def open(self) -> None:
        """Nothing: the client read everything when it was made."""

    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:
        """In one call."""
        points = self._searches[way](asked, count).points
        return [
            Found(payload["id"], payload["doc_id"], payload["text"], point.score)
            for point in points
            if (payload := point.payload) is not None
        ]

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()

    def _create(self) -> None:
        many = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
        encoder = self.setup.encoder
        self._client.create_collection(
            COLLECTION,
            vectors_config={
                "dense": models.VectorParams(size=encoder.dense_dim, distance=DISTANCE),
                "tokens": models.VectorParams(
                    size=encoder.token_dim, distance=DISTANCE, multivector_config=many
                ),
            },
            sparse_vectors_config={"sparse": models.SparseVectorParams()},
        )

    def _dense(self, asked: Asked, count: int) -> models.QueryResponse:
        vector = asked.encoding.dense.tolist()
        return self._client.query_points(COLLECTION, query=vector, using="dense", limit=count)

    def _hybrid(self, asked: Asked, count: int) -> models.QueryResponse:
        legs = _legs(asked.encoding, count)
        return self._client.query_points(COLLECTION, prefetch=legs, query=self._rrf, limit=count)

    def _rerank(self, asked: Asked, count: int) -> models.QueryResponse:
        fused = models.Prefetch(prefetch=_legs(asked.encoding, count), query=self._rrf, limit=count)
        tokens = asked.encoding.tokens.tolist()
        return self._client.query_points(
            COLLECTION, prefetch=fused, query=tokens, using="tokens", limit=count
        )


def _legs(encoding: Encoding, count: int) -> list[models.Prefetch]:
    return [
        models.Prefetch(query=encoding.dense.tolist(), using="dense", limit=count),
        models.Prefetch(query=_sparse(encoding.sparse), using="sparse", limit=count),
    ]


def _point(number: int, chunk: Chunk, text: str, encoding: Encoding) -> models.PointStruct:
    return models.PointStruct(
        id=number,
        vector={
            "dense": encoding.dense.tolist(),
            "sparse": _sparse(encoding.sparse),
            "tokens": encoding.tokens.tolist(),
        },
        payload={"id": chunk.id, "doc_id": chunk.doc_id, "text": text},
    )


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=vector.indices.tolist(), values=vector.values.tolist())
