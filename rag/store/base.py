"""The one Store protocol: what retrieval and indexing may ask of a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rag.encoders.base import EncoderInfo
    from rag.store.filters import Filter
    from rag.types import Chunk, DocumentRows, Encoding, Leg, Rerank


class FieldType(StrEnum):
    """Type of a declared metadata field."""

    STRING = "str"
    INTEGER = "int"
    FLOAT = "float"
    BOOLEAN = "bool"


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """What a collection is made with; fixed for its life.

    `fields` are the metadata fields that can be filtered on, each a column of its own.
    Metadata that is not declared is kept with the chunk but cannot be filtered on.
    """

    name: str
    encoder: EncoderInfo
    fields: Mapping[str, FieldType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection as it stands."""

    spec: CollectionSpec
    uid: str
    created: str
    documents: int
    rows: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document that is in the collection, whole."""

    doc_id: str
    revision: str
    source: str
    rows: int


@dataclass(frozen=True, slots=True)
class HybridQuery:
    """Everything one retrieval needs, in the engine's terms.

    `candidates` bounds each leg and the list that is reranked; `top_k` what is returned.
    `ef` is the breadth of the HNSW search, raised to `candidates` where it is less.
    `rank_constant` is k of reciprocal rank fusion, Σ 1 / (k + rank).
    """

    text: str
    encoding: Encoding
    legs: tuple[Leg, ...]
    rank_constant: int
    rerank: Rerank
    candidates: int
    top_k: int
    ef: int
    where: Filter | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A row found: best first, `score` as the last stage of the query gave it."""

    chunk: Chunk
    score: float


class Store(Protocol):
    """A database of collections. Reads may come from several threads, writes from one."""

    @property
    def state_dir(self) -> Path:
        """A folder for small state that belongs to this database."""
        ...

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make an empty collection with all its indexes.

        Raises: CollectionExistsError, InputError (bad name or field).
        """
        ...

    def collections(self) -> list[CollectionInfo]:
        """All collections by name."""
        ...

    def describe(self, collection: str) -> CollectionInfo:
        """One collection with its sizes. Raises: CollectionNotFoundError."""
        ...

    def spec(self, collection: str) -> CollectionSpec:
        """What a collection was made with; cheap enough for every search.

        Raises: CollectionNotFoundError.
        """
        ...

    def drop_collection(self, collection: str) -> None:
        """Delete a collection and all that is in it. Raises: CollectionNotFoundError."""
        ...

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert documents, or replace those with the same id; each whole or not at all.

        When this returns, the documents survive a kill of the process.
        Raises: RowError before anything is written; StoreError.
        """
        ...

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents; gives how many were there."""
        ...

    def documents(self, collection: str) -> dict[str, StoredDocument]:
        """All whole documents by id."""
        ...

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until every leg sees every row (the full-text index is asynchronous).

        Raises: StoreError after `timeout` seconds.
        """
        ...

    def search(self, collection: str, query: HybridQuery) -> list[Hit]:
        """Legs, fusion and tensor rerank in one engine query; at most `top_k` hits."""
        ...

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg of the query, at most `candidates` each."""
        ...

    def close(self) -> None:
        """Release the database; idempotent."""
        ...
