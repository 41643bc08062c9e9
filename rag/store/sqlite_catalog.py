"""The catalog of an embedded database: an SQLite file beside the engine's."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from rag.errors import StoreError
from rag.store.base import CollectionInfo, StoredDocument
from rag.store.catalog import Intent
from rag.store.catalog_format import open_catalog
from rag.store.spec_json import dump_spec, load_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.store.base import CollectionSpec
    from rag.store.catalog import Change

INTENT = "uid, doc_id, rows, generation, removes, replaces"


class SqliteCatalog:
    """Implements `rag.store.catalog.Catalog`."""

    def __init__(self, folder: Path):
        self._lock = threading.Lock()
        # In memory, since no other process changes this database.
        self._versions: Counter[str] = Counter()
        with _sentences():
            self._connection = open_catalog(folder)

    def add(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Enter a new collection."""
        with self._transaction() as db:
            row = (uid, spec.name, dump_spec(spec), created)
            db.execute("insert into collections values (?, ?, ?, ?)", row)

    def publish(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Give a collection the name in `spec`; one that had it is forgotten, in one step."""
        old = self.find(spec.name)
        with self._transaction() as db:
            if old:
                _remove(db, old[0])
            row = (spec.name, dump_spec(spec), created, uid)
            db.execute("update collections set name = ?, spec = ?, created = ? where uid = ?", row)

    def remove(self, uid: str) -> None:
        """Forget a collection and all its documents."""
        with self._transaction() as db:
            _remove(db, uid)

    def collections(self, name: str | None = None) -> list[CollectionInfo]:
        """All collections by name, or the one of that name."""
        rows = self._rows(
            "select c.uid, c.spec, c.created, count(d.doc_id), coalesce(sum(d.rows), 0) "
            "from collections c left join documents d on d.uid = c.uid "
            "where ?1 is null or c.name = ?1 group by c.uid order by c.name",
            (name,),
        )
        return [
            CollectionInfo(load_spec(spec), uid, created, documents, total)
            for uid, spec, created, documents, total in rows
        ]

    def find(self, name: str) -> tuple[str, CollectionSpec] | None:
        """Uid and specification of the collection of that name."""
        rows = self._rows("select uid, spec from collections where name = ?", (name,))
        return next(((uid, load_spec(spec)) for uid, spec in rows), None)

    def documents(self, uid: str) -> dict[str, StoredDocument]:
        """All whole documents of a collection by id."""
        rows = self._rows(
            "select doc_id, revision, source, rows from documents where uid = ?", (uid,)
        )
        return {row[0]: StoredDocument(*row) for row in rows}

    def page(self, uid: str, limit: int, after: str) -> list[StoredDocument]:
        """The first `limit` whole documents of a collection by id that come after `after`."""
        rows = self._rows(
            "select doc_id, revision, source, rows from documents "
            "where uid = ? and doc_id > ? order by doc_id limit ?",
            (uid, after, limit),
        )
        return [StoredDocument(*row) for row in rows]

    def begin(self, uid: str, changes: Sequence[Change]) -> list[Intent]:
        """Note that these changes are about to be made, in one new generation."""
        with self._transaction() as db:
            db.execute("update counter set generation = generation + 1")
            db.executemany(
                "insert or replace into intents select ?1, ?2, ?3, ?4, ?5, generation, ?6, "
                "exists (select * from documents where uid = ?1 and doc_id = ?2) "
                "or exists (select * from intents where uid = ?1 and doc_id = ?2) from counter",
                [(uid, *astuple(change)) for change in changes],
            )
            rows = db.execute(
                f"select {INTENT} from intents, counter using (generation) where uid = ?",  # noqa: S608 - a constant
                (uid,),
            )
            return [_intent(row) for row in rows]

    def commit(self, intents: Sequence[Intent]) -> None:
        """The engine has done these: the documents are whole, or gone."""
        keys = [(intent.uid, intent.doc_id) for intent in intents]
        with self._transaction() as db:
            db.executemany("delete from documents where uid = ? and doc_id = ?", keys)
            db.executemany(
                "insert into documents select uid, doc_id, revision, source, rows, generation "
                "from intents where uid = ? and doc_id = ? and not removes",
                keys,
            )
            db.executemany("delete from intents where uid = ? and doc_id = ?", keys)
        self._touch_all(intents)

    def forget(self, intents: Sequence[Intent]) -> None:
        """The engine has undone these: what was there before holds."""
        keys = [(intent.uid, intent.doc_id) for intent in intents]
        with self._transaction() as db:
            db.executemany("delete from intents where uid = ? and doc_id = ?", keys)
        self._touch_all(intents)

    def intents(self) -> list[Intent]:
        """Changes that have begun and have not ended."""
        rows = self._rows(f"select {INTENT} from intents", ())  # noqa: S608 - a constant
        return [_intent(row) for row in rows]

    def generation(self) -> int:
        """The newest generation."""
        return int(self._rows("select generation from counter", ())[0][0])

    def version(self, uid: str) -> str:
        """How often it was changed since the database was opened."""
        return str(self._versions[uid])

    def touch(self, uid: str) -> None:
        """Searches of the collection may give something else from now on."""
        with self._lock:
            self._versions[uid] += 1

    def close(self) -> None:
        """Release the file; idempotent."""
        with self._lock:
            self._connection.close()

    def _touch_all(self, intents: Sequence[Intent]) -> None:
        for uid in {intent.uid for intent in intents}:
            self.touch(uid)

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._transaction() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit when the body succeeds, else roll back. Raises: StoreError."""
        with _sentences(), self._lock, self._connection as db:
            yield db


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what SQLite raises into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The catalog of the database failed: {error}.") from error


def _remove(db: sqlite3.Connection, uid: str) -> None:
    for table in ("collections", "documents", "intents"):
        db.execute(f"delete from {table} where uid = ?", (uid,))  # noqa: S608 - constants


def _intent(row: Sequence[Any]) -> Intent:
    uid, doc_id, rows, generation, removes, replaces = row
    return Intent(uid, doc_id, rows, generation, bool(removes), bool(replaces))
