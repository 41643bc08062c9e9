"""The Store over the embedded engine."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from rag.errors import CollectionExistsError, CollectionNotFoundError
from rag.store.batches import insert_batches
from rag.store.catalog import Catalog
from rag.store.engine import Engine, engine_errors
from rag.store.query import add_fusion, add_leg, usable_legs
from rag.store.recovery import finish, recover, undo
from rag.store.rows import OUTPUT, hits
from rag.store.schema import check_spec, create_table, table_name
from rag.store.searchable import wait_for_fulltext
from rag.store.sql import to_sql
from rag.store.validate import check_documents, check_query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from rag.store.base import CollectionInfo, CollectionSpec, Hit, HybridQuery, StoredDocument
    from rag.types import DocumentRows, Leg

ENGINE_PACKAGE = "infinity-embedded-sdk"


class EmbeddedStore:
    """Collections in one folder, in this process. Implements `rag.store.base.Store`."""

    def __init__(self, engine: Engine, catalog: Catalog):
        self._engine = engine
        self._catalog = catalog
        self._writing = threading.Lock()
        self._searchable: dict[str, int] = {}  # newest generation seen by the index, by uid

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the database in folder `path`, making it if need be, and recover it.

        Raises: StoreLockedError, StoreError, EngineMissingError.
        """
        engine = Engine.open(path)
        try:
            catalog = Catalog(engine.path)
            recover(engine, catalog)
        except BaseException:
            engine.close()
            raise
        return cls(engine, catalog)

    @property
    def engine_version(self) -> str:
        """Version of the engine's package."""
        return version(ENGINE_PACKAGE)

    @property
    def state_dir(self) -> Path:
        """The database's folder."""
        return self._engine.path

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make an empty collection with all its indexes."""
        check_spec(spec)
        with self._writing:
            if self._catalog.collections(spec.name):
                raise CollectionExistsError(
                    f"There is a collection {spec.name} already; choose another name or drop it."
                )
            uid = uuid.uuid4().hex[:16]
            with engine_errors(f"make the collection {spec.name}"):
                create_table(self._engine.database, uid, spec)
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
            with engine_errors(f"drop the collection {collection}"):
                self._engine.database.drop_table(table_name(uid))

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert or replace documents; each whole or not at all."""
        uid, spec = self._find(collection)
        check_documents(documents, spec)
        if not documents:
            return
        with self._writing:
            intents = self._catalog.begin_write(uid, documents)
            try:
                self._insert(uid, spec, documents, intents[0].generation)
            except BaseException:
                undo(self._engine, self._catalog, intents)
                raise
            finish(self._engine, self._catalog, intents)

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents; gives how many were there."""
        uid, _ = self._find(collection)
        with self._writing:
            known = self._catalog.documents(uid)
            there = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id in known]
            finish(self._engine, self._catalog, self._catalog.begin_removal(uid, there))
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
        """Legs, fusion and tensor rerank in one engine query; at most `top_k` hits."""
        builder = self._builder(collection, query, OUTPUT)
        legs = usable_legs(query)
        if builder is None or not legs:
            return []
        with engine_errors("search"):
            for leg in legs:
                add_leg(builder, leg, query)
            result = add_fusion(builder, query).to_result()[0]
        return hits(result)[: query.top_k]

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg of the query, at most `candidates` each."""
        usable = usable_legs(query)
        return {
            leg: self._ranking(collection, query, leg) if leg in usable else []
            for leg in query.legs
        }

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

    def _ranking(self, collection: str, query: HybridQuery, leg: Leg) -> list[str]:
        builder = self._builder(collection, query, ["id"])
        if builder is None:
            return []
        with engine_errors("search"):
            result = add_leg(builder, leg, query).to_result()[0]
        return list(dict.fromkeys(result["id"]))

    def _builder(self, collection: str, query: HybridQuery, output: list[str]) -> Any:
        """An engine query with its filter and no leg yet; None when nothing can match."""
        uid, spec = self._find(collection)
        check_query(query, spec.encoder)
        where = True if query.where is None else to_sql(query.where, spec)
        if where is False:
            return None
        with engine_errors("search"):
            builder = self._engine.table(table_name(uid)).output(output)
            return builder if where is True else builder.filter(where)

    def _insert(
        self, uid: str, spec: CollectionSpec, documents: Sequence[DocumentRows], generation: int
    ) -> None:
        with engine_errors("insert rows"):
            table = self._engine.table(table_name(uid))
            for batch in insert_batches(spec, documents, generation):
                table.insert(batch)
