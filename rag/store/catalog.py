"""What is in the database: collections, and the state of every document.

A SQLite file beside the engine's data. The engine has no transaction over insert and
delete, so a write is announced here first (`begin`), done in the engine, and then
confirmed (`commit`); what was announced and not confirmed is mended on the next opening.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.store.base import StoredDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rag.types import DocumentRows

SCHEMA = """
create table if not exists collections (
    name text primary key, uid text not null unique, spec text not null, created text not null
);
create table if not exists documents (
    uid text not null, doc_id text not null, generation integer not null,
    revision text not null, source text not null, rows integer not null, done integer not null,
    primary key (uid, doc_id, generation)
) without rowid;
create index if not exists pending on documents (done) where done = 0;
create table if not exists counter (value integer not null);
insert into counter select 0 where not exists (select 1 from counter);
"""


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """A collection as stored: `spec` is JSON, `uid` names the engine's table."""

    name: str
    uid: str
    spec: str
    created: str


@dataclass(frozen=True, slots=True)
class PendingDocument:
    """A document whose write was announced and not confirmed."""

    uid: str
    doc_id: str
    generation: int
    rows: int


class Catalog:
    """The SQLite file; safe to use from several threads."""

    def __init__(self, path: Path):
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add_collection(self, record: CollectionRecord) -> None:
        """Remember a collection. Raises: sqlite3.IntegrityError when the name is taken."""
        values = (record.name, record.uid, record.spec, record.created)
        self._change("insert into collections values (?, ?, ?, ?)", [values])

    def collections(self) -> list[CollectionRecord]:
        """All collections by name."""
        found = self._read("select name, uid, spec, created from collections order by name")
        return [CollectionRecord(*row) for row in found]

    def collection(self, name: str) -> CollectionRecord | None:
        """The collection of that name."""
        query = "select name, uid, spec, created from collections where name = ?"
        return next((CollectionRecord(*row) for row in self._read(query, name)), None)

    def drop_collection(self, uid: str) -> None:
        """Forget a collection and its documents."""
        self._change("delete from documents where uid = ?", [(uid,)])
        self._change("delete from collections where uid = ?", [(uid,)])

    def next_generation(self) -> int:
        """A number greater than all given before."""
        with self._lock:
            self._change("update counter set value = value + 1", [()])
            return int(self._read("select value from counter")[0][0])

    def begin(self, uid: str, documents: Sequence[DocumentRows], generation: int) -> None:
        """Announce that documents will be written as `generation`."""
        rows = [
            (uid, d.doc_id, generation, d.revision, d.source, len(d.rows), 0) for d in documents
        ]
        self._change("insert into documents values (?, ?, ?, ?, ?, ?, ?)", rows)

    def commit(self, uid: str, doc_ids: Iterable[str], generation: int) -> None:
        """Confirm documents of `generation`; their older generations are forgotten."""
        keys = [(uid, doc_id, generation) for doc_id in doc_ids]
        with self._lock, self._transaction():
            self._db.executemany(
                "delete from documents where uid = ? and doc_id = ? and generation < ?", keys
            )
            self._db.executemany(
                "update documents set done = 1 where uid = ? and doc_id = ? and generation = ?",
                keys,
            )
            self._db.executemany(
                "delete from documents where uid = ? and doc_id = ? and generation = ? "
                "and rows = 0",
                keys,
            )

    def roll_back(self, pending: PendingDocument) -> None:
        """Forget an announced write."""
        key = (pending.uid, pending.doc_id, pending.generation)
        self._change("delete from documents where uid = ? and doc_id = ? and generation = ?", [key])

    def pending(self) -> list[PendingDocument]:
        """Writes that were announced and not confirmed, oldest first."""
        query = "select uid, doc_id, generation, rows from documents where done = 0"
        return [PendingDocument(*row) for row in self._read(query + " order by generation")]

    def documents(self, uid: str) -> dict[str, StoredDocument]:
        """The confirmed documents of a collection by id."""
        query = "select doc_id, revision, source, rows from documents where uid = ? and done = 1"
        return {row[0]: StoredDocument(*row) for row in self._read(query, uid)}

    def count_documents(self, uid: str) -> int:
        """How many confirmed documents a collection has."""
        query = "select count(*) from documents where uid = ? and done = 1"
        return int(self._read(query, uid)[0][0])

    def forget(self, uid: str, doc_ids: Iterable[str]) -> None:
        """Remove documents."""
        keys = [(uid, doc_id) for doc_id in doc_ids]
        self._change("delete from documents where uid = ? and doc_id = ?", keys)

    def _read(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _change(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._lock, self._transaction():
            self._db.executemany(statement, rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")
