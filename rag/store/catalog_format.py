"""The tables of the catalog's SQLite file and their format."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from rag.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

CATALOG_NAME = "catalog.sqlite"
# Of these tables and the engine's together; raise it when either changes.
FORMAT = 1
TABLES = """
begin;
create table if not exists collections (
    uid text primary key, name text unique not null, spec text not null, created text not null
);
create table if not exists documents (
    uid text not null, doc_id text not null, revision text not null, source text not null,
    rows integer not null, generation integer not null, primary key (uid, doc_id)
) without rowid;
create table if not exists intents (
    uid text not null, doc_id text not null, revision text not null, source text not null,
    rows integer not null, generation integer not null, removes integer not null,
    replaces integer not null, primary key (uid, doc_id)
) without rowid;
create table if not exists counter (generation integer not null);
insert into counter select 0 where not exists (select * from counter);
"""


def open_catalog(folder: Path) -> sqlite3.Connection:
    """Open or make the file, durable on every commit.

    Raises: StoreError when it was written in another format; sqlite3.Error.
    """
    db = sqlite3.connect(folder / CATALOG_NAME, check_same_thread=False)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    if _has_tables(db) and _format(db) != FORMAT:
        db.close()
        raise StoreError(
            f"The database {folder} was made by another version of Trident; delete that "
            "folder, or set TRIDENT_STORE__PATH to another, and index again."
        )
    db.executescript(f"{TABLES} pragma user_version = {FORMAT}; commit;")
    return db


def _has_tables(db: sqlite3.Connection) -> bool:
    return bool(db.execute("select count(*) from sqlite_schema").fetchone()[0])


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])
