"""Indexing into collections of every layout, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import CollectionMismatchError
from rag.grouping import search_grouped
from rag.settings import ChunkSettings, IndexSettings, SearchSettings
from rag.store.base import HybridQuery
from rag.types import GroupBy, Layout, Leg, Rerank, TensorStorage, Unit
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.base import Hit
    from rag.store.embedded import EmbeddedStore

ENCODER = TinyEncoder()
TEXTS = {
    "bees": "Honey bees dance. " * 8 + "\n\nA queen lays eggs. " * 8,
    "tides": "The Moon causes tides. " * 8 + "\n\nSpring tides come at full moon. " * 8,
}


def index(store: EmbeddedStore, collection: str, folder: Path, **layout: object) -> None:
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text)
    options = IndexOptions(
        chunk=ChunkSettings(size=16, overlap=0),
        layout=IndexSettings(**layout),  # type: ignore[arg-type]  # any of its fields
        relative_to=folder,
    )
    index_paths([folder], collection, store, ENCODER, options=options)


def search(store: EmbeddedStore, collection: str, text: str, group_by: GroupBy | None) -> list[Hit]:
    encoding = ENCODER.encode_question(text)
    legs = (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT)
    query = HybridQuery(text, encoding, legs, 60, Rerank.TENSOR, candidates=100, top_k=5, ef=200)
    return search_grouped(store, collection, query, SearchSettings(group_by=group_by, inside=2))


def test_a_collection_keeps_its_layout_when_a_later_run_says_nothing(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    index(store, collection_name, tmp_path, tensor_storage=TensorStorage.BIT, token_pooling=2)
    index(store, collection_name, tmp_path)
    layout = Layout(Unit.CHUNK, TensorStorage.BIT, 2)
    assert store.spec(collection_name).layout == layout


@pytest.mark.parametrize(
    "other",
    [{"unit": Unit.CHUNK}, {"tensor_storage": TensorStorage.FLOAT16}, {"token_pooling": 3}],
)
def test_another_layout_than_the_collection_has_is_refused(
    store: EmbeddedStore, collection_name: str, tmp_path: Path, other: dict[str, object]
) -> None:
    index(store, collection_name, tmp_path, unit=Unit.DOCUMENT)
    with pytest.raises(CollectionMismatchError, match=next(iter(other))):
        index(store, collection_name, tmp_path, **other)


@pytest.mark.parametrize(("unit", "group_by"), [("document", None), ("chunk", GroupBy.DOCUMENT)])
def test_both_ways_rank_documents_and_show_the_passages_that_matched(
    store: EmbeddedStore,
    collection_name: str,
    tmp_path: Path,
    unit: str,
    group_by: GroupBy | None,
) -> None:
    index(store, collection_name, tmp_path, unit=unit)
    hits = search(store, collection_name, "Spring tides come at full moon.", group_by)
    assert [hit.chunk.doc_id for hit in hits] == ["tides.txt", "bees.txt"]
    first = hits[0]
    assert "Spring tides" in first.chunk.text
    assert len(first.inside) == 1
    for chunk in (first.chunk, *first.inside):
        assert TEXTS["tides"][chunk.start : chunk.end] == chunk.text


def test_without_grouping_passages_are_given_one_by_one(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    index(store, collection_name, tmp_path)
    hits = search(store, collection_name, "Spring tides come at full moon.", None)
    assert len(hits) == 5
    assert all(hit.inside == () for hit in hits)
