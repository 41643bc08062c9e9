"""A small real corpus, written through the real encoder into a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.store.base import CollectionSpec, FieldType
from rag.types import Chunk, DocumentRows, Row

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.store.base import Store

TEXTS = {
    "bees": "Honey bees dance to tell the hive where flowers are. The waggle dance gives "
    "direction and distance. A queen lays up to two thousand eggs a day.",
    "volcano": "Mount Etna is the most active volcano in Europe. It erupted again in 2021. "
    "Lava flows rarely reach the villages on its slopes.",
    "sourdough": "Sourdough bread rises with wild yeast instead of baker's yeast. "
    "The starter is fed with flour and water every day.",
    "python": "The with statement wraps the execution of a block with methods defined by a "
    "context manager. Its __exit__ method runs even when the block raises.",
    "c++": "In C++ a destructor runs when an object leaves its scope. This idiom is known as RAII.",
    "tokyo": "東京は日本の首都です。人口は約一千四百万人です。",
    "moon": "The Moon causes the tides on Earth. Spring tides come at full and new moon.",
    "chess": "Castling is the only move in chess that moves two pieces at once. "
    "The king may not castle out of check.",
}


def fill(store: Store, encoder: Encoder, name: str) -> None:
    """Make collection `name` with one chunk a text; field `length` is the text's length."""
    store.create_collection(CollectionSpec(name, encoder.info, {"length": FieldType.INTEGER}))
    encodings = encoder.encode_documents(list(TEXTS.values()))
    store.write(
        name,
        [
            DocumentRows(doc_id, "1", f"{doc_id}.txt", (Row(chunk(doc_id), encoding),))
            for doc_id, encoding in zip(TEXTS, encodings, strict=True)
        ],
    )
    store.wait_until_searchable(name, 30)


def chunk(doc_id: str) -> Chunk:
    """The one chunk of a document, at an offset that is not 0."""
    text = TEXTS[doc_id]
    return Chunk(
        id=f"id-{doc_id}",
        doc_id=doc_id,
        title=doc_id.title(),
        text=text,
        position=0,
        start=100,
        end=100 + len(text),
        metadata={"length": len(text)},
    )
