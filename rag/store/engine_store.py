"""The Store's logic, the same over every engine."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import (
    CollectionExistsError,
    CollectionNotFoundError,
    StoreError,
    StoreUnreachableError,
)
from rag.store.ask import ask_table
from rag.store.batches import insert_batches, inserted
from rag.store.catalog import Change
from rag.store.common_words import CommonWords
from rag.store.dead_rows import dead_rows
from rag.store.documents import laid_out
from rag.store.drafts import draft_name, is_draft, now
from rag.store.index_parts import IndexParts
from rag.store.kept import batches_to_read, check_kept, kept_documents
from rag.store.neighbours import read_neighbours
from rag.store.pieces import PIECE_OUTPUT, located
from rag.store.recovery import drop, finish, undo
from rag.store.schema import check_spec, create_table, table_name
from rag.store.search import HybridSearch
from rag.store.searchable import wait_for_fulltext
from rag.store.sizes import SAMPLE_ROWS, SIZED_COLUMNS, estimated_bytes
from rag.store.sql import one_of, to_sql
from rag.store.stored_chunks import chunk_output, stored_chunks
from rag.store.tensor_index import TensorIndexes
from rag.store.validate import check_documents, check_query, check_words
from rag.store.visibility import VIEWED, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from rag.store.base import (
        CollectionInfo,
        CollectionSpec,
        Hit,
        HybridQuery,
        StoredDocument,
        TensorIndex,
    )
    from rag.store.catalog import Catalog, Intent
    from rag.store.engine import AskWhere, Engine
    from rag.store.visibility import View
    from rag.types import Chunk, DocumentRows, Leg


class EngineStore:
    """Collections as tables of an engine. Implements `rag.store.base.Store`.

    `writing` is held during every change: one writer at a time.
    """

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        writing: AbstractContextManager[object],
        state_dir: Path,
    ):
        self._engine = engine
        self._catalog = catalog
        self._writing = writing
        self._state_dir = state_dir
        self._searchable: dict[str, int] = {}  # newest generation seen by the index, by uid
        self._visibility = Visibility()
        self._retired: set[str] = set()  # uids of collections that are gone
        self._common_words = CommonWords(engine)
        self._tensor_indexes = TensorIndexes(engine, state_dir)
        self._index_parts = IndexParts(engine, state_dir)

    @property
    def engine_version(self) -> str:
        """Version of the engine's package."""
        return self._engine.sdk.version

    @property
    def state_dir(self) -> Path:
        """A folder for small state that belongs to this database."""
        return self._state_dir

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make an empty collection with all its indexes."""
        check_spec(spec)
        with self._writing:
            self._refuse_existing(spec.name)
            self._create(uuid.uuid4().hex[:16], spec)
        return self.describe(spec.name)

    def collections(self) -> list[CollectionInfo]:
        """All collections by name."""
        return [info for info in self._catalog.collections() if not is_draft(info.spec.name)]

    def describe(self, collection: str) -> CollectionInfo:
        """One collection."""
        self._find(collection)
        return self._catalog.collections(collection)[0]

    def spec(self, collection: str) -> CollectionSpec:
        """What a collection was made with."""
        return self._find(collection)[1]

    def version(self, collection: str) -> str:
        """Another string after every change of what searches may give."""
        uid, _ = self._find(collection)
        return f"{uid}:{self._catalog.version(uid)}"

    def drop_collection(self, collection: str) -> None:
        """Delete a collection and all that is in it."""
        with self._writing:
            uid, _ = self._find(collection)
            self._catalog.remove(uid)  # first: a table without an entry is dropped on opening
            self._drop(uid)

    def create_draft(self, spec: CollectionSpec) -> str:
        """Make an empty collection that is not listed."""
        check_spec(spec)
        uid = uuid.uuid4().hex[:16]
        with self._writing:
            self._create(uid, replace(spec, name=draft_name(uid)))
        return draft_name(uid)

    def publish(
        self, draft: str, name: str, replaces: Mapping[str, StoredDocument] | None = None
    ) -> None:
        """Give a draft its name, in one step for readers."""
        uid, spec = self._find(draft)
        with self._writing:
            if replaces is None:
                self._refuse_existing(name)
                self._catalog.publish(uid, replace(spec, name=name), now())
                return
            old, _ = self._find(name)
            if self._catalog.documents(old) != replaces:
                raise StoreError(
                    f"The collection {name} was changed meanwhile and stays as it is; "
                    "run the same command again."
                )
            self._catalog.publish(uid, replace(spec, name=name), now())
            self._drop(old)

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert or replace documents; each whole or not at all."""
        uid, spec = self._find(collection)
        check_words(spec)
        check_documents(documents, spec)
        self._write(uid, spec, laid_out(spec, documents))

    def restore(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """As `write`, of what `scan` gave."""
        uid, spec = self._find(collection)
        check_words(spec)
        check_kept(documents, spec)
        self._write(uid, spec, documents, kept=True)

    def scan(self, collection: str, documents: Sequence[StoredDocument]) -> Iterator[DocumentRows]:
        """The documents with their vectors, as they are kept."""
        for batch in batches_to_read(documents):
            # Not yielded inside: writers wait for reads that have begun.
            with self._reading(collection) as (uid, spec, view):
                ask = partial(ask_table, self._engine, table_name(uid), view)
                found = kept_documents(spec, batch, ask)
            yield from found

    def dead_rows(self, collection: str) -> int:
        """How many deleted rows, at least, still take their room."""
        return dead_rows(self._engine, table_name(self._find(collection)[0]))

    def _write(
        self,
        uid: str,
        spec: CollectionSpec,
        documents: Sequence[DocumentRows],
        *,
        kept: bool = False,
    ) -> None:
        if not documents:
            return
        with self._writing:
            self._tensor_indexes.before_write(table_name(uid))
            insert = partial(self._insert, uid, spec, documents, kept)
            try:
                self._finish(self._engine.repeat(insert))
            finally:
                self._visibility.settle(uid)
                self._common_words.changed(table_name(uid))

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents; gives how many were there."""
        uid, _ = self._find(collection)
        with self._writing:
            known = self._catalog.documents(uid)
            there = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id in known]
            try:
                self._finish(self._catalog.begin(uid, [Change.removal(doc_id) for doc_id in there]))
            finally:
                self._visibility.settle(uid)
        return len(there)

    def documents(self, collection: str) -> dict[str, StoredDocument]:
        """All whole documents by id."""
        return self._catalog.documents(self._find(collection)[0])

    def list_documents(self, collection: str, limit: int, after: str = "") -> list[StoredDocument]:
        """The first whole documents by id that come after an id."""
        return self._catalog.page(self._find(collection)[0], limit, after)

    def chunks(self, collection: str, doc_id: str) -> list[Chunk]:
        """The chunks of a document in order."""
        with self._reading(collection) as (uid, spec, view):
            where, output = one_of("doc_id", [doc_id]), chunk_output(spec)
            ask = partial(ask_table, self._engine, table_name(uid), view)
            found = ask(where, output, lambda builder: builder)
        return stored_chunks(spec, found)

    def neighbours(self, collection: str, chunks: Sequence[Chunk], reach: int) -> list[list[Chunk]]:
        """For each chunk the run of at most `reach` chunks on either side of it, and itself."""
        with self._reading(collection) as (uid, spec, view):
            ask = partial(ask_table, self._engine, table_name(uid), view)
            return read_neighbours(spec, chunks, reach, ask)

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until every leg sees every row."""
        uid, _ = self._find(collection)
        newest = self._catalog.generation()
        seen = self._searchable.get(uid, 0)
        wait_for_fulltext(self._engine, table_name(uid), seen, timeout)
        if newest > seen:
            with self._reindexing(collection):
                self._searchable[uid] = newest

    def search(self, collection: str, query: HybridQuery) -> list[Hit]:
        """Legs, fusion and tensor rerank; at most `top_k` hits."""
        with self._searching(collection, query) as (search, _):
            return search.hits()

    def search_documents(self, collection: str, query: HybridQuery, count: int) -> list[Hit]:
        """As `search` on a collection of documents, each hit with its `count` best passages."""
        with self._searching(collection, query) as (search, ask):
            hits = search.hits()
            if not hits:
                return []
            where = one_of("doc_id", [hit.chunk.doc_id for hit in hits])
            rows = ask(where, PIECE_OUTPUT, lambda builder: builder)
        return located(rows, hits, query.encoding.dense, count)

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg of the query, at most `candidates` each."""
        scored = self.leg_scores(collection, query)
        return {leg: [id_ for id_, _ in ranking] for leg, ranking in scored.items()}

    def leg_scores(self, collection: str, query: HybridQuery) -> dict[Leg, list[tuple[str, float]]]:
        """As `leg_rankings`, each id with the score that the leg gave it."""
        with self._searching(collection, query) as (search, _):
            return {leg: search.ranking(leg) for leg in query.legs}

    def column_bytes(self, collection: str) -> dict[str, int]:
        """Bytes by column, estimated from the first rows."""
        rows = self.describe(collection).rows
        with self._reading(collection) as (uid, spec, view):
            output = [*VIEWED, *SIZED_COLUMNS]
            ask = partial(ask_table, self._engine, table_name(uid), view)
            sample = ask(True, output, lambda builder: builder.limit(SAMPLE_ROWS))
        return estimated_bytes(spec, {name: sample[name] for name in SIZED_COLUMNS}, rows)

    def merge_indexes(self, collection: str, *, always: bool = False) -> bool:
        """Merge the parts of each index where it is safe."""
        with self._reindexing(collection) as (table, _):
            rows = self.describe(collection).rows
            return self._index_parts.merge(table, rows, always=always)

    def build_tensor_index(self, collection: str) -> None:
        """Index the token vectors for the tensor leg."""
        with self._reindexing(collection) as (table, spec):
            self._tensor_indexes.build(table, spec)

    def drop_tensor_index(self, collection: str) -> None:
        """Search exhaustively again."""
        with self._reindexing(collection) as (table, _):
            self._tensor_indexes.drop(table)

    def tensor_index(self, collection: str) -> TensorIndex:
        """Whether the tensor leg uses an index."""
        return self._tensor_indexes.state(table_name(self._find(collection)[0]))

    def close(self) -> None:
        """Release the database; idempotent."""
        self._catalog.close()
        self._engine.close()

    def _find(self, collection: str) -> tuple[str, CollectionSpec]:
        found = self._catalog.find(collection)
        if found is None:
            raise CollectionNotFoundError(collection)
        return found

    def _refuse_existing(self, name: str) -> None:
        if self._catalog.find(name):
            raise CollectionExistsError(
                f"There is a collection {name} already; choose another name or drop it."
            )

    def _create(self, uid: str, spec: CollectionSpec) -> None:
        self._engine.call(
            f"make the collection {spec.name}",
            lambda database: create_table(database, self._engine.sdk, uid, spec),
        )
        self._index_parts.created(table_name(uid))
        self._catalog.add(uid, spec, now())

    def _drop(self, uid: str) -> None:
        """Drop the table of a collection that nobody can find any more."""
        self._retired.add(uid)
        self._visibility.wait_for_readers()
        drop(self._engine, table_name(uid))
        self._tensor_indexes.forget(table_name(uid))
        self._common_words.forget(table_name(uid))
        self._index_parts.before_deletion(table_name(uid))

    @contextmanager
    def _reindexing(self, collection: str) -> Iterator[tuple[str, CollectionSpec]]:
        """Table and specification, for a change of indexes: approximate searches differ after."""
        uid, spec = self._find(collection)
        with self._writing:
            try:
                yield table_name(uid), spec
            finally:
                self._catalog.touch(uid)

    @contextmanager
    def _reading(self, collection: str) -> Iterator[tuple[str, CollectionSpec, View]]:
        """A view of the collection, whose table stays there until this read is done."""
        while True:
            uid, spec = self._find(collection)
            with self._visibility.reading(uid) as view:
                if uid not in self._retired:  # else another took its name just now
                    yield uid, spec, view
                    return

    @contextmanager
    def _searching(
        self, collection: str, query: HybridQuery
    ) -> Iterator[tuple[HybridSearch, AskWhere]]:
        """A search in one view of the collection, and what else can be asked in this view."""
        with self._reading(collection) as (uid, spec, view):
            check_words(spec)
            check_query(query, spec.encoder)
            where = True if query.where is None else to_sql(query.where, spec)
            if where is False:  # no row can match, so that no leg has anything to find
                query = replace(query, legs=())
            query = replace(query, left_out=self._common(uid, collection))
            ask = partial(ask_table, self._engine, table_name(uid), view)
            yield HybridSearch(spec, query, partial(ask, where)), ask

    def _common(self, uid: str, collection: str) -> frozenset[str]:
        """Words that the full-text leg leaves out."""
        return self._common_words.of(table_name(uid), lambda: self.describe(collection).rows)

    def _finish(self, intents: Sequence[Intent]) -> None:
        """Show what the intents lead to, then make it so. All of one write."""
        self._visibility.publish(intents)
        self._before_deletion(intent for intent in intents if intent.replaces)
        finish(self._engine, self._catalog, intents)

    def _before_deletion(self, intents: Iterable[Intent]) -> None:
        for uid in {intent.uid for intent in intents}:
            self._index_parts.before_deletion(table_name(uid))

    def _insert(
        self, uid: str, spec: CollectionSpec, documents: Sequence[DocumentRows], kept: bool
    ) -> list[Intent]:
        """Insert all rows in a generation of their own.

        When a server is lost midway the intents stay open: the next attempt, or recovery,
        replaces what had arrived.
        """
        intents = self._catalog.begin(uid, [Change.write(one) for one in documents])
        self._visibility.hide(uid, intents[0].generation)
        try:
            for batch in insert_batches(spec, documents, intents[0].generation, kept=kept):
                self._engine.call("insert rows", inserted(table_name(uid), batch))
        except StoreUnreachableError:
            raise
        except BaseException:
            self._before_deletion(intents)
            undo(self._engine, self._catalog, intents)
            raise
        return intents
