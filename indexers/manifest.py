"""Which files are indexed already, so that a run can pass over them without reading on."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE_NAME = "manifest.sqlite"
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
FORMAT = 2  # raise it when the tables change: a manifest of another format is begun anew
DROP = "DROP TABLE IF EXISTS documents; DROP TABLE IF EXISTS sources;"
SCHEMA = f"""
PRAGMA foreign_keys = ON;
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS sources (
    collection TEXT, source TEXT, fingerprint TEXT NOT NULL, stamp TEXT NOT NULL,
    PRIMARY KEY (collection, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT, source TEXT, doc_id TEXT,
    PRIMARY KEY (collection, source, doc_id),
    FOREIGN KEY (collection, source) REFERENCES sources ON DELETE CASCADE
) WITHOUT ROWID;
"""
GET_SOURCE = "SELECT fingerprint, stamp FROM sources WHERE collection = ? AND source = ?"
SET_STAMP = "UPDATE sources SET stamp = ? WHERE collection = ? AND source = ?"
GET_DOCUMENTS = "SELECT doc_id FROM documents WHERE collection = ? AND source = ?"
DELETE_SOURCE = "DELETE FROM sources WHERE collection = ? AND source = ?"
INSERT_SOURCE = "INSERT INTO sources VALUES (?, ?, ?, ?)"
INSERT_DOCUMENT = "INSERT INTO documents VALUES (?, ?, ?)"


class Manifest:
    """What was indexed from each file of one collection, and what the file was like.

    A fingerprint tells a file by its content, a stamp by what the file system says of it,
    which costs no reading; an empty stamp tells nothing. Safe to use from several threads.
    It only saves work: without it, a run compares every document with the store.
    """

    def __init__(self, connection: sqlite3.Connection, collection_uid: str) -> None:
        self._connection = connection
        self._collection = collection_uid
        self._lock = threading.Lock()

    @classmethod
    def open(cls, state_dir: Path, collection_uid: str) -> Manifest:
        """Open the manifest of a database; one that is damaged is begun anew."""
        path = state_dir / FILE_NAME
        try:
            return cls(_connect(path), collection_uid)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in DAMAGED:
                raise
            path.unlink()
            return cls(_connect(path), collection_uid)

    def stamped(self, source: str, stamp: str) -> list[str] | None:
        """Ids of the documents of a file that was indexed with that stamp, else None."""
        with self._transaction() as db:
            found = db.execute(GET_SOURCE, self._key(source)).fetchone()
            return self._doc_ids(db, source) if stamp and found and found[1] == stamp else None

    def documents(self, source: str, fingerprint: str) -> list[str] | None:
        """Ids of the documents of a file that was indexed with that fingerprint, else None."""
        with self._transaction() as db:
            found = db.execute(GET_SOURCE, self._key(source)).fetchone()
            return self._doc_ids(db, source) if found and found[0] == fingerprint else None

    def stamp(self, source: str, stamp: str) -> None:
        """A file is as it was, but the file system says something else of it."""
        with self._transaction() as db:
            db.execute(SET_STAMP, (stamp, *self._key(source)))

    def record(
        self, source: str, fingerprint: str, doc_ids: Iterable[str], stamp: str = ""
    ) -> None:
        """All documents of a file are written."""
        key = self._key(source)
        with self._transaction() as db:
            db.execute(DELETE_SOURCE, key)
            db.execute(INSERT_SOURCE, (*key, fingerprint, stamp))
            db.executemany(INSERT_DOCUMENT, ((*key, doc_id) for doc_id in doc_ids))

    def forget(self, source: str) -> None:
        """A file is gone, or its documents are about to change."""
        with self._transaction() as db:
            db.execute(DELETE_SOURCE, self._key(source))

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _key(self, source: str) -> tuple[str, str]:
        return self._collection, source

    def _doc_ids(self, db: sqlite3.Connection, source: str) -> list[str]:
        return [doc_id for (doc_id,) in db.execute(GET_DOCUMENTS, self._key(source))]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection as db:
            yield db


def _connect(path: Path) -> sqlite3.Connection:
    # One lock for all threads that use it: see `Manifest`.
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
            connection.executescript(DROP)
        connection.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
