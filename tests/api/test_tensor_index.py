"""A search by a tensor leg whose index was removed says so over HTTP too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag.store.base import CollectionSpec, stale_index
from rag.store.tensor_index import FEWEST_VECTORS
from rag.types import DocumentRows, Row
from tests.corpus import chunk

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from rag.service import Rag

TOKENS_A_ROW = 128


def documents(rag: Rag, count: int) -> list[DocumentRows]:
    """Documents of one row whose token vectors are random."""
    rng = np.random.default_rng(0)
    (encoding,) = rag.encoder.encode_documents(["bees"])
    rows = []
    for number in range(count):
        vectors = rng.normal(size=(TOKENS_A_ROW, rag.encoder.info.token_dim))
        tokens = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        named = replace(chunk("bees"), id=f"r{number}", doc_id=f"d{number}")
        rows.append(Row(named, replace(encoding, tokens=tokens)))
    return [DocumentRows(row.chunk.doc_id, "1", "", (row,)) for row in rows]


def test_a_write_removes_the_index_and_searches_by_the_leg_say_so(
    client: TestClient, rag: Rag, collection_name: str
) -> None:
    *most, last = documents(rag, FEWEST_VECTORS // TOKENS_A_ROW + 1)

    def notices(*legs: str) -> list[str]:
        body = {"question": "bees", "collection": collection_name, "legs": legs}
        found: list[str] = client.post("/v1/search", json=body).json()["notices"]
        return found

    rag.store.create_collection(CollectionSpec(collection_name, rag.encoder.info))
    rag.store.write(collection_name, most)
    rag.store.build_tensor_index(collection_name)
    assert notices("tensor") == []
    rag.store.write(collection_name, [last])
    assert notices("dense", "tensor") == [stale_index(collection_name)]
    assert notices("dense") == []
