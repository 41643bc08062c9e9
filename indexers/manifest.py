"""Which files are indexed already, so that a run can pass over them without reading on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "manifest.sqlite"
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS sources (
    collection TEXT, source TEXT, fingerprint TEXT NOT NULL,
    PRIMARY KEY (collection, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT, source TEXT, doc_id TEXT,
    PRIMARY KEY (collection, source, doc_id),
    FOREIGN KEY (collection, source) REFERENCES sources ON DELETE CASCADE
) WITHOUT ROWID;
"""
GET_FINGERPRINT = "SELECT fingerprint FROM sources WHERE collection = ? AND source = ?"
GET_DOCUMENTS = "SELECT doc_id FROM documents WHERE collection = ? AND source = ?"
DELETE_SOURCE = "DELETE FROM sources WHERE collection = ? AND source = ?"
INSERT_SOURCE = "INSERT INTO sources VALUES (?, ?, ?)"
INSERT_DOCUMENT = "INSERT INTO documents VALUES (?, ?, ?)"


class Manifest:
    """What was indexed from each file of one collection, and with which fingerprint.

    It only saves work: without it, a run compares every document with the store.
    """

    def __init__(self, connection: sqlite3.Connection, collection_uid: str) -> None:
        self._connection = connection
        self._collection = collection_uid

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

    def documents(self, source: str, fingerprint: str) -> list[str] | None:
        """Ids of the documents of a file that was indexed with that fingerprint, else None."""
        key = (self._collection, source)
        if self._connection.execute(GET_FINGERPRINT, key).fetchone() != (fingerprint,):
            return None
        return [doc_id for (doc_id,) in self._connection.execute(GET_DOCUMENTS, key)]

    def record(self, source: str, fingerprint: str, doc_ids: Iterable[str]) -> None:
        """All documents of a file are written."""
        key = (self._collection, source)
        with self._connection:
            self._connection.execute(DELETE_SOURCE, key)
            self._connection.execute(INSERT_SOURCE, (*key, fingerprint))
            self._connection.executemany(INSERT_DOCUMENT, ((*key, doc_id) for doc_id in doc_ids))

    def forget(self, source: str) -> None:
        """A file is gone, or its documents are about to change."""
        with self._connection:
            self._connection.execute(DELETE_SOURCE, (self._collection, source))

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
