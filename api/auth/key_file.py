"""The keys of a database: an SQLite file beside it, shared by the server and `trident keys`."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from api.auth.caller import Scope
from api.auth.key import KEY, ApiKey, KeyState, matches
from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "keys.sqlite"
FORMAT = 1  # raise it when the table changes
TABLE = """
create table if not exists keys (
    id text primary key, name text not null, digest text not null, scopes text not null,
    collections text not null, created integer not null, expires integer, revoked integer
) without rowid
"""
PATIENCE = 5.0  # seconds that a process waits for another one that writes


class KeyFileError(FailureError):
    """The file of the keys cannot be used."""

    code = "key_file_unusable"


class KeyFile:
    """Reads the file anew each time, so that what another process revoked is refused at once."""

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME

    def add(self, key: ApiKey) -> None:
        """Keep a key; the first one makes the file. Raises: KeyFileError."""
        self._make()
        scopes, collections = json.dumps(sorted(key.scopes)), _dump(key.collections)
        row = (key.id, key.name, key.digest, scopes, collections, key.created, key.expires, None)
        with self._open() as db:
            db.execute("insert into keys values (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def revoke(self, key_id: str) -> bool:
        """Refuse a key from now on; says whether there is one. Raises: KeyFileError."""
        change = "update keys set revoked = coalesce(revoked, ?) where id = ?"
        if not self.path.exists():
            return False
        with self._open() as db:
            return db.execute(change, (int(time.time()), key_id)).rowcount == 1

    def all(self) -> list[ApiKey]:
        """All keys ever made, oldest first. Raises: KeyFileError."""
        return self._read("select * from keys order by created, id")

    def find(self, text: str) -> ApiKey | None:
        """The active key that a client sent, else None. Raises: KeyFileError."""
        parts = KEY.fullmatch(text)
        if parts is None:
            return None
        found = self._read("select * from keys where id = ?", parts["id"])
        key = found[0] if found else None
        genuine = matches(parts["secret"], key)
        return key if genuine and key and key.state is KeyState.ACTIVE else None

    def is_empty(self) -> bool:
        """No key was ever made; one that was revoked counts. Raises: KeyFileError."""
        return not self._read("select * from keys limit 1")

    def _read(self, query: str, *values: str) -> list[ApiKey]:
        if not self.path.exists():
            return []
        with self._open() as db:
            rows = db.execute(query, values).fetchall() if _format(db) else []
        return [_key(row) for row in rows]

    def _make(self) -> None:
        """Make the file for its owner only, before anything is in it."""
        with _sentences(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self.path.chmod(0o600)
        with self._open() as db:
            db.execute("begin immediate")
            db.execute(TABLE)
            db.execute(f"pragma user_version = {FORMAT}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction. The file is never made here: a reader that made it would close the API."""
        uri = f"{self.path.as_uri()}?mode=rw"
        with (
            _sentences(self.path),
            closing(sqlite3.connect(uri, timeout=PATIENCE, uri=True)) as db,
            db,
        ):
            if _format(db) > FORMAT:
                raise KeyFileError(
                    f"The keys in {self.path} were made by a newer Trident; use that version."
                )
            yield db


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _key(row: tuple[Any, ...]) -> ApiKey:
    key_id, name, digest, scopes, collections, *times = row
    granted = json.loads(collections)
    return ApiKey(
        key_id,
        name,
        digest,
        frozenset(map(Scope, json.loads(scopes))),
        None if granted is None else frozenset(granted),
        *times,
    )


def _dump(collections: frozenset[str] | None) -> str:
    return json.dumps(None if collections is None else sorted(collections))


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise KeyFileError(
            f"The keys in {path} cannot be used ({error}); mend or remove the file."
        ) from error
