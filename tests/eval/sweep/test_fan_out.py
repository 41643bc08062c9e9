"""One indexing run fills several collections, each in its own layout."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from eval.sweep.fan_out import FanOut
from eval.sweep.plan import SweepOptions, collections_of
from indexers.pipeline import index_paths
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def tokens(store: EmbeddedStore, name: str) -> dict[str, int]:
    """How many token vectors each document has."""
    found = store.scan(name, list(store.documents(name).values()))
    return {one.doc_id: sum(len(row.encoding.tokens) for row in one.rows) for one in found}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bees", "moon"):
        (tmp_path / f"{name}.txt").write_text(TEXTS[name])
    return tmp_path


def test_each_collection_has_its_own_pooling_of_the_same_encodings(
    store: EmbeddedStore, encoder: Encoder, folder: Path
) -> None:
    prefix = f"fan{uuid.uuid4().hex[:8]}-"
    plain, halved = collections_of(SweepOptions(token_poolings=[1, 2]), prefix)
    index_paths([folder], plain.stored, FanOut(store, [plain, halved]), encoder)
    whole, pooled = tokens(store, plain.stored), tokens(store, halved.stored)
    assert pooled == {doc_id: count // 2 for doc_id, count in whole.items()}
    assert store.spec(halved.stored).layout.token_pooling == 2


def test_the_order_of_the_collections_does_not_matter(
    store: EmbeddedStore, encoder: Encoder, folder: Path
) -> None:
    prefix = f"fan{uuid.uuid4().hex[:8]}-"
    collections = collections_of(SweepOptions(token_poolings=[3, 1]), prefix)
    index_paths([folder], collections[0].stored, FanOut(store, collections), encoder)
    assert tokens(store, collections[0].stored) == {
        doc_id: count // 3 for doc_id, count in tokens(store, collections[1].stored).items()
    }
