"""The one Store protocol: what retrieval and indexing may ask of a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from rag.store.words import WORDS_VERSION
from rag.types import Fusion, Layout, Normalization

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.encoders.base import EncoderInfo
    from rag.store.filters import Filter
    from rag.types import Chunk, DocumentRows, Encoding, Leg, Rerank


class FieldType(StrEnum):
    """Type of a declared metadata field.

    DATE is a point in time, given as ISO 8601; TAGS is a list of strings.
    """

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    TAGS = "tags"

    @classmethod
    def _missing_(cls, value: object) -> FieldType | None:
        """Python's names for the types; older collections have them in their description."""
        names = {"str": cls.STRING, "int": cls.INTEGER, "bool": cls.BOOLEAN}
        return names.get(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """What a collection is made with; fixed for its life.

    `fields` are the metadata fields that can be filtered on, each a column of its own.
    Metadata that is not declared is kept with the chunk but cannot be filtered on.
    `words` is the version of the rules by which its text was cut into words.
    """

    name: str
    encoder: EncoderInfo
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    words: int = WORDS_VERSION


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
    `rank_constant` is k of reciprocal rank fusion, Σ 1 / (k + rank). tensor+fuse joins the first
    stage and MaxSim, which weighs `tensor_weight`, by `tensor_fusion`: RRF of their ranks, or the
    weighted sum of their scores, each scaled to [0, 1] over the candidates.
    `weights` are those of the legs in the fusion, 1 for a leg that is not named.
    `left_out` are words that the full-text leg does not look for: the store fills in those that
    stand in most rows of a large collection.
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
    fusion: Fusion = Fusion.RRF
    weights: Mapping[Leg, float] = field(default_factory=dict)
    normalization: Normalization = Normalization.MINMAX
    tensor_fusion: Fusion = Fusion.WEIGHTED_SUM
    tensor_weight: float = 0.8
    left_out: frozenset[str] = frozenset()


class TensorIndex(StrEnum):
    """Whether a collection has an index over its token vectors, for the tensor leg.

    STALE: it was asked for, but rows were written since. The leg then searches exhaustively,
    as where there is NONE.
    """

    NONE = "none"
    READY = "ready"
    STALE = "stale"


def stale_index(collection: str) -> str:
    """The sentence for a collection whose index is STALE."""
    return (
        f"The tensor index of {collection} was removed when rows were written, and the tensor leg "
        f"searches exhaustively; build it again with `trident collections optimize {collection}`."
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A row found: best first, `score` as the last stage of the query gave it.

    `maxsim` is the MaxSim sum where one was computed.
    `inside` are further chunks of the same document, best first. `row_id` is that of the
    document's row where `chunk` is a passage inside it.
    """

    chunk: Chunk
    score: float
    maxsim: float | None = None
    inside: tuple[Chunk, ...] = ()
    row_id: str | None = None


class Store(Protocol):
    """A database of collections. Reads may come from several threads, writes from one."""

    @property
    def engine_version(self) -> str:
        """Version of the engine's package."""
        ...

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

    def version(self, collection: str) -> str:
        """A string that is another one after every change of what searches may give.

        It changes before the write, the deletion or the build of an index returns, whichever
        process makes it, and again when the full-text index has caught up with a write
        (`wait_until_searchable`). So what was found before a change was never found under the
        version after it. Cheap enough for every search. Raises: CollectionNotFoundError.
        """
        ...

    def drop_collection(self, collection: str) -> None:
        """Delete a collection and all that is in it. Raises: CollectionNotFoundError."""
        ...

    def create_draft(self, spec: CollectionSpec) -> str:
        """Make an empty collection that is not listed; gives the name to reach it by.

        `spec.name` is not used. A draft that a crash leaves is removed. Raises: InputError.
        """
        ...

    def publish(
        self, draft: str, name: str, replaces: Mapping[str, StoredDocument] | None = None
    ) -> None:
        """Give a draft its name, in one step for readers.

        `replaces` are the documents of the collection that has the name so far and is dropped.
        Raises: CollectionExistsError (without `replaces`), StoreError when it has others by now.
        """
        ...

    def scan(self, collection: str, documents: Sequence[StoredDocument]) -> Iterator[DocumentRows]:
        """The documents with their vectors, as they are kept; only `restore` can write that.

        Slow: some milliseconds a row. Raises: StoreError when a document was changed meanwhile.
        """
        ...

    def restore(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """As `write`, of what `scan` gave of a collection with the same encoder and layout."""
        ...

    def dead_rows(self, collection: str) -> int:
        """How many deleted rows, at least, still take their room."""
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

    def list_documents(self, collection: str, limit: int, after: str = "") -> list[StoredDocument]:
        """The first `limit` whole documents by id that come after the id `after`.

        Raises: CollectionNotFoundError.
        """
        ...

    def chunks(self, collection: str, doc_id: str) -> list[Chunk]:
        """The chunks of a document in order; none where it is not there.

        Raises: CollectionNotFoundError.
        """
        ...

    def neighbours(self, collection: str, chunks: Sequence[Chunk], reach: int) -> list[list[Chunk]]:
        """For each chunk the run of at most `reach` chunks on either side of it, and itself.

        In the order of its document, by one engine query. Alone is a chunk that is not there
        as it is given, since its document was replaced. Raises: CollectionNotFoundError.
        """
        ...

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until every leg sees every row (the full-text index is asynchronous).

        Raises: StoreError after `timeout` seconds.
        """
        ...

    def search(self, collection: str, query: HybridQuery) -> list[Hit]:
        """Legs, fusion and tensor rerank; at most `top_k` hits.

        One engine query where the engine can do it all. A cross-encoder is none of the
        store's: such a query gives the first stage's order.
        """
        ...

    def search_documents(self, collection: str, query: HybridQuery, count: int) -> list[Hit]:
        """As `search` on a collection of documents, each hit with its `count` best passages.

        A hit's chunk is the passage that is closest to the question by its dense vector; the
        other ones are `inside`. One short engine query more, which sees what the search saw.
        """
        ...

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg of the query, at most `candidates` each."""
        ...

    def leg_scores(self, collection: str, query: HybridQuery) -> dict[Leg, list[tuple[str, float]]]:
        """As `leg_rankings`, each id with the score that the leg gave it."""
        ...

    def merge_indexes(self, collection: str, *, always: bool = False) -> bool:
        """Merge the parts that writing has left each index in, where it is safe, so that
        searches of a large collection are fast; `always`, or once enough rows are new.

        Searches go on meanwhile. Says whether it was done.
        Raises: CollectionNotFoundError, StoreError.
        """
        ...

    def build_tensor_index(self, collection: str) -> None:
        """Index the token vectors for the tensor leg, which then is fast and approximate.

        Rows written later are not in it: the next write removes it until it is built again.
        Raises: InputError when the collection has too few token vectors, or of another type
        than float; CollectionNotFoundError.
        """
        ...

    def drop_tensor_index(self, collection: str) -> None:
        """Search exhaustively again; nothing happens where there is no index."""
        ...

    def tensor_index(self, collection: str) -> TensorIndex:
        """Whether the tensor leg uses an index."""
        ...

    def column_bytes(self, collection: str) -> dict[str, int]:
        """Bytes by column without indexes, estimated from the first rows.

        Raises: CollectionNotFoundError.
        """
        ...

    def close(self) -> None:
        """Release the database; idempotent."""
        ...
