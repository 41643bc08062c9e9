"""The Store's logic, the same over every engine."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import CollectionExistsError, CollectionNotFoundError, StoreUnreachableError
from rag.store.batches import insert_batches, inserted
from rag.store.documents import laid_out
from rag.store.engine import read
from rag.store.pieces import PIECE_OUTPUT, located
from rag.store.recovery import drop, finish, undo
from rag.store.schema import check_spec, create_table, table_name
from rag.store.search import HybridSearch
from rag.store.searchable import wait_for_fulltext
from rag.store.sizes import SAMPLE_ROWS, SIZED_COLUMNS, estimated_bytes
from rag.store.sql import one_of, to_sql
from rag.store.tensor_index import TensorIndexes
from rag.store.validate import check_documents, check_query, check_words
from rag.store.visibility import VIEWED, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any

    from rag.store.base import (
        CollectionInfo,
        CollectionSpec,
        Hit,
        HybridQuery,
        StoredDocument,
        TensorIndex,
    )
    from rag.store.catalog import Catalog, Intent
    from rag.store.engine import Engine
    from rag.store.visibility import View
    from rag.types import DocumentRows, Leg


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
        self._tensor_indexes = TensorIndexes(engine, state_dir)

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
            if self._catalog.collections(spec.name):
                raise CollectionExistsError(
                    f"There is a collection {spec.name} already; choose another name or drop it."
                )
            uid = uuid.uuid4().hex[:16]
            self._engine.call(
                f"make the collection {spec.name}",
                lambda database: create_table(database, self._engine.sdk, uid, spec),
            )
            self._catalog.add(uid, spec, datetime.now(UTC).isoformat(timespec="seconds"))
        return self.describe(spec.name)

    def collections(self) -> list[CollectionInfo]:
        """All collections by name."""
        return self._catalog.collections()

    def describe(self, collection: str) -> CollectionInfo:
        """One collection."""
        self._find(collection)
        return self._catalog.collections(collection)[0]

    def spec(self, collection: str) -> CollectionSpec:
        """What a collection was made with."""
        return self._find(collection)[1]

    def drop_collection(self, collection: str) -> None:
        """Delete a collection and all that is in it."""
        with self._writing:
            uid, _ = self._find(collection)
            self._catalog.remove(uid)  # first: a table without an entry is dropped on opening
            self._visibility.wait_for_readers()
            drop(self._engine, table_name(uid))
            self._tensor_indexes.forget(table_name(uid))

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert or replace documents; each whole or not at all."""
        uid, spec = self._find(collection)
        check_words(spec)
        check_documents(documents, spec)
        documents = laid_out(spec, documents)
        if not documents:
            return
        with self._writing:
            self._tensor_indexes.before_write(table_name(uid))
            try:
                self._finish(self._engine.repeat(lambda: self._insert(uid, spec, documents)))
            finally:
                self._visibility.settle(uid)

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents; gives how many were there."""
        uid, _ = self._find(collection)
        with self._writing:
            known = self._catalog.documents(uid)
            there = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id in known]
            try:
                self._finish(self._catalog.begin_removal(uid, there))
            finally:
                self._visibility.settle(uid)
        return len(there)

    def documents(self, collection: str) -> dict[str, StoredDocument]:
        """All whole documents by id."""
        return self._catalog.documents(self._find(collection)[0])

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until every leg sees every row."""
        uid, _ = self._find(collection)
        newest = self._catalog.generation()
        seen = self._searchable.get(uid, 0)
        wait_for_fulltext(self._engine, table_name(uid), seen, timeout)
        self._searchable[uid] = newest

    def search(self, collection: str, query: HybridQuery) -> list[Hit]:
        """Legs, fusion and tensor rerank; at most `top_k` hits."""
        with self._searching(collection, query) as search:
            return search.hits() if search else []

    def locate(
        self, collection: str, query: HybridQuery, hits: Sequence[Hit], count: int
    ) -> list[Hit]:
        """The hits of a collection of documents, each with its `count` best passages."""
        if not hits:
            return []
        uid, _ = self._find(collection)
        where = one_of("doc_id", [hit.chunk.doc_id for hit in hits])
        with self._visibility.reading(uid) as view:
            rows = self._ask(table_name(uid), where, view, PIECE_OUTPUT, lambda builder: builder)
        return located(rows, hits, query.encoding.dense, count)

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg of the query, at most `candidates` each."""
        scored = self.leg_scores(collection, query)
        return {leg: [id_ for id_, _ in ranking] for leg, ranking in scored.items()}

    def leg_scores(self, collection: str, query: HybridQuery) -> dict[Leg, list[tuple[str, float]]]:
        """As `leg_rankings`, each id with the score that the leg gave it."""
        with self._searching(collection, query) as search:
            return {leg: search.ranking(leg) if search else [] for leg in query.legs}

    def column_bytes(self, collection: str) -> dict[str, int]:
        """Bytes by column, estimated from the first rows."""
        uid, spec = self._find(collection)
        rows = self._catalog.collections(collection)[0].rows
        with self._visibility.reading(uid) as view:
            output = [*VIEWED, *SIZED_COLUMNS]
            sample = self._ask(
                table_name(uid), True, view, output, lambda builder: builder.limit(SAMPLE_ROWS)
            )
        return estimated_bytes(spec, {name: sample[name] for name in SIZED_COLUMNS}, rows)

    def build_tensor_index(self, collection: str) -> None:
        """Index the token vectors for the tensor leg."""
        uid, spec = self._find(collection)
        with self._writing:
            self._tensor_indexes.build(table_name(uid), spec)

    def drop_tensor_index(self, collection: str) -> None:
        """Search exhaustively again."""
        uid, _ = self._find(collection)
        with self._writing:
            self._tensor_indexes.drop(table_name(uid))

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
            raise CollectionNotFoundError(
                f"There is no collection {collection!r:.80}; make it first, or name another."
            )
        return found

    @contextmanager
    def _searching(self, collection: str, query: HybridQuery) -> Iterator[HybridSearch | None]:
        """A search in one view of the collection; None when the filter excludes every row."""
        uid, spec = self._find(collection)
        check_words(spec)
        check_query(query, spec.encoder)
        where = True if query.where is None else to_sql(query.where, spec)
        if where is False:
            yield None
            return
        with self._visibility.reading(uid) as view:
            yield HybridSearch(spec, query, partial(self._ask, table_name(uid), where, view))

    def _ask(
        self,
        table: str,
        where: str | bool,
        view: View,
        output: list[str],
        complete: Callable[[Any], Any],
    ) -> Mapping[str, list[Any]]:
        """Run an engine query; `complete` adds its legs."""

        def ask(database: Any) -> Mapping[str, list[Any]]:
            builder = database.get_table(table).output(output)
            filtered = builder if where is True else builder.filter(where)
            found: Mapping[str, list[Any]] = complete(filtered).to_result()[0]
            return found

        return view.of(read(self._engine, "search", ask))

    def _finish(self, intents: Sequence[Intent]) -> None:
        """Show what the intents lead to, then make it so. All of one write."""
        self._visibility.publish(intents)
        finish(self._engine, self._catalog, intents)

    def _insert(
        self, uid: str, spec: CollectionSpec, documents: Sequence[DocumentRows]
    ) -> list[Intent]:
        """Insert all rows in a generation of their own.

        When a server is lost midway the intents stay open: the next attempt, or recovery,
        replaces what had arrived.
        """
        intents = self._catalog.begin_write(uid, documents)
        self._visibility.hide(uid, intents[0].generation)
        try:
            for batch in insert_batches(spec, documents, intents[0].generation):
                self._engine.call("insert rows", inserted(table_name(uid), batch))
        except StoreUnreachableError:
            raise
        except BaseException:
            undo(self._engine, self._catalog, intents)
            raise
        return intents
