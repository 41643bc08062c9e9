"""The Store on the embedded engine."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from rag.errors import CollectionExistsError, CollectionNotFoundError, StoreError
from rag.store import engine_query
from rag.store.base import CollectionInfo, Hit
from rag.store.catalog import Catalog, CollectionRecord
from rag.store.engine import Engine
from rag.store.indexes import create_indexes
from rag.store.schema import MARKER, columns, fields_of, from_engine, to_engine
from rag.store.spec_json import spec_from_json, spec_to_json
from rag.store.sql import in_list, literal, to_sql
from rag.store.validate import check_documents, check_encoding, check_spec
from rag.types import DocumentRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.store.base import CollectionSpec, HybridQuery, StoredDocument
    from rag.store.catalog import PendingDocument
    from rag.types import Leg, Row

# Values per insert call: bounds the memory of their conversion to Python floats.
MOST_VALUES = 2_000_000
# The engine's limit of rows per insert call.
MOST_ROWS = 8192
# Ids per IN list.
MOST_IDS = 1000
POLL_SECONDS = 0.05


class EmbeddedStore:
    """A database folder, open in this process. See `rag.store.base.Store`."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._catalog = Catalog(engine.folder / "catalog.sqlite")
        self._writing = threading.Lock()
        self._recover()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the folder, making it when it is not there, and mend what a kill left.

        Raises: StoreLockedError, StoreError, EngineMissingError.
        """
        engine = Engine(path)
        try:
            return cls(engine)
        except BaseException:
            engine.close()
            raise

    @property
    def state_dir(self) -> Path:
        """The database's folder."""
        return self._engine.folder

    @property
    def engine_version(self) -> str:
        """Version of the embedded engine."""
        return self._engine.version

    def create_collection(self, spec: CollectionSpec) -> CollectionInfo:
        """Make an empty collection with all its indexes."""
        check_spec(spec)
        if self._catalog.collection(spec.name):
            raise CollectionExistsError(f"There is a collection {spec.name} already.")
        uid = f"c_{uuid.uuid4().hex}"
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with translated(f"create the collection {spec.name}"):
            create_indexes(self._engine.database.create_table(uid, columns(spec)), spec)
        self._catalog.add_collection(CollectionRecord(spec.name, uid, spec_to_json(spec), created))
        return CollectionInfo(spec, uid, created, 0, 0)

    def collections(self) -> list[CollectionInfo]:
        """All collections by name."""
        return [self._info(record) for record in self._catalog.collections()]

    def describe(self, collection: str) -> CollectionInfo:
        """One collection."""
        return self._info(self._record(collection))

    def drop_collection(self, collection: str) -> None:
        """Delete a collection and all that is in it."""
        record = self._record(collection)
        self._catalog.drop_collection(record.uid)
        with translated(f"drop the collection {collection}"):
            self._engine.database.drop_table(record.uid)

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        """Insert or replace documents; each whole or not at all."""
        record = self._record(collection)
        spec = spec_from_json(record.spec)
        check_documents(documents, spec)
        with self._writing:
            self._replace(record, documents, spec)

    def delete(self, collection: str, doc_ids: Sequence[str]) -> int:
        """Delete documents: they are replaced by nothing."""
        record = self._record(collection)
        with self._writing:
            known = self._catalog.documents(record.uid)
            gone = [known[doc_id] for doc_id in dict.fromkeys(doc_ids) if doc_id in known]
            tombs = [DocumentRows(d.doc_id, d.revision, d.source, ()) for d in gone]
            self._replace(record, tombs, spec_from_json(record.spec))
        return len(gone)

    def documents(self, collection: str) -> dict[str, StoredDocument]:
        """All whole documents by id."""
        return self._catalog.documents(self._record(collection).uid)

    def wait_until_searchable(self, collection: str, timeout: float) -> None:
        """Block until the full-text index has caught up with the rows."""
        uid = self._record(collection).uid
        deadline = time.monotonic() + timeout
        while (missing := self._rows_without_text(uid)) > 0:
            if time.monotonic() > deadline:
                raise StoreError(
                    f"The full-text index of {collection} still lacks {missing} rows after "
                    f"{timeout:g} s; wait longer with TRIDENT_STORE__SEARCHABLE_TIMEOUT."
                )
            time.sleep(POLL_SECONDS)

    def search(self, collection: str, query: HybridQuery) -> list[Hit]:
        """Legs, fusion and tensor rerank in one engine query."""
        table, legs, where = self._prepare(collection, query)
        if not legs:
            return []
        with translated(f"search {collection}"):
            found, _, _ = engine_query.hybrid(table, query, legs, where).to_result()
        return _hits(found)[: query.top_k]

    def leg_rankings(self, collection: str, query: HybridQuery) -> dict[Leg, list[str]]:
        """Chunk ids by rank for each leg."""
        _, legs, where = self._prepare(collection, query)
        rankings: dict[Leg, list[str]] = {leg: [] for leg in query.legs}
        for leg in legs:
            table = self._engine.table(self._record(collection).uid)
            with translated(f"search {collection}"):
                found, _, _ = engine_query.single(table, query, leg, where).to_result()
            rankings[leg] = list(dict.fromkeys(found["id"]))
        return rankings

    def close(self) -> None:
        """Release the database."""
        self._engine.close()
        self._catalog.close()

    def _replace(
        self, record: CollectionRecord, documents: Sequence[DocumentRows], spec: CollectionSpec
    ) -> None:
        """Announce, insert, delete what the rows replace, confirm."""
        if not documents:
            return
        generation = self._catalog.next_generation()
        self._catalog.begin(record.uid, documents, generation)
        try:
            with translated(f"write to {record.name}"):
                self._insert(record.uid, documents, generation, spec)
        except BaseException:
            self._recover()
            raise
        with translated(f"write to {record.name}"):
            self._finish(record.uid, [d.doc_id for d in documents], generation)

    def _insert(
        self, uid: str, documents: Sequence[DocumentRows], generation: int, spec: CollectionSpec
    ) -> None:
        rows = [row for document in documents for row in document.rows]
        for batch in batches(rows, spec.encoder.token_dim):
            self._engine.table(uid).insert([to_engine(row, generation, spec) for row in batch])

    def _finish(self, uid: str, doc_ids: Sequence[str], generation: int) -> None:
        """Delete older generations of written documents, then confirm the new one."""
        known = self._catalog.documents(uid)
        replaced = [doc_id for doc_id in doc_ids if doc_id in known]
        for start in range(0, len(replaced), MOST_IDS):
            ids = in_list("doc_id", replaced[start : start + MOST_IDS])
            self._engine.table(uid).delete(f"{ids} and generation < {generation}")
        self._catalog.commit(uid, doc_ids, generation)

    def _recover(self) -> None:
        """Finish writes whose rows are all there, undo the others."""
        for pending in self._catalog.pending():
            with translated("mend the database after an interrupted write"):
                self._recover_document(pending)

    def _recover_document(self, pending: PendingDocument) -> None:
        mine = f"doc_id = {literal(pending.doc_id)} and generation = {pending.generation}"
        table = self._engine.table(pending.uid)
        if len(table.output(["position"]).filter(mine).to_result()[0]["position"]) == pending.rows:
            self._finish(pending.uid, [pending.doc_id], pending.generation)
            return
        self._engine.table(pending.uid).delete(mine)
        self._catalog.roll_back(pending)

    def _prepare(self, collection: str, query: HybridQuery) -> tuple[Any, list[Leg], str | None]:
        record = self._record(collection)
        spec = spec_from_json(record.spec)
        check_encoding(query.encoding, spec.encoder, "the question")
        where = to_sql(query.where, fields_of(spec)) if query.where is not None else None
        return self._engine.table(record.uid), engine_query.usable_legs(query), where

    def _info(self, record: CollectionRecord) -> CollectionInfo:
        return CollectionInfo(
            spec=spec_from_json(record.spec),
            uid=record.uid,
            created=record.created,
            documents=self._catalog.count_documents(record.uid),
            rows=self._count_rows(record.uid),
        )

    def _record(self, collection: str) -> CollectionRecord:
        record = self._catalog.collection(collection)
        if record is None:
            raise CollectionNotFoundError(f"There is no collection {collection!r}.")
        return record

    def _count_rows(self, uid: str) -> int:
        with translated("count rows"):
            found, _, _ = self._engine.table(uid).output(["count(*)"]).to_result()
        return int(next(iter(found.values()))[0])

    def _rows_without_text(self, uid: str) -> int:
        rows = self._count_rows(uid)
        if rows == 0:
            return 0
        query = self._engine.table(uid).output(["position"])
        with translated("look at the full-text index"):
            found, _, _ = query.match_text("fulltext", MARKER, rows, {"operator": "or"}).to_result()
        return rows - len(found["position"])


def batches(rows: Sequence[Row], token_dim: int) -> Iterator[list[Row]]:
    """Cut rows into insert calls of bounded size."""
    batch: list[Row] = []
    values = 0
    for row in rows:
        values += len(row.encoding.tokens) * token_dim
        batch.append(row)
        if values >= MOST_VALUES or len(batch) == MOST_ROWS:
            yield batch
            batch, values = [], 0
    if batch:
        yield batch


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn the SDK's exception into ours."""
    from infinity_embedded.common import InfinityException

    try:
        yield
    except InfinityException as error:
        raise StoreError(f"The engine could not {what}: {error.error_message}.") from error


def _hits(found: Mapping[str, Sequence[Any]]) -> list[Hit]:
    """Rows in order; while a document is replaced, only the newer of two rows with one id."""
    rows = [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
    newest: dict[str, int] = {}
    for row in rows:
        newest[row["id"]] = max(row["generation"], newest.get(row["id"], 0))
    score = "SCORE" if "SCORE" in found else "SIMILARITY"
    return [
        Hit(from_engine(row), float(row[score]))
        for row in rows
        if row["generation"] == newest[row["id"]]
    ]
