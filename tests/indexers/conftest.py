"""Indexers into collections of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.indexers.indexer import Indexer
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


@pytest.fixture
def index(tmp_path: Path, collection_name: str, store: EmbeddedStore, encoder: Encoder) -> Indexer:
    return Indexer(tmp_path, collection_name, store, encoder)


@pytest.fixture
def fast(tmp_path: Path, collection_name: str, store: EmbeddedStore) -> Indexer:
    """For what does not depend on the model."""
    return Indexer(tmp_path, collection_name, store, TinyEncoder())
