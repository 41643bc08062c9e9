"""Near duplicates: documents that share nearly all of their runs of words.

A document is the set of its runs of five words; the likeness of two is the Jaccard
coefficient of their sets, estimated from MinHash signatures (Broder 1997, "On the resemblance
and containment of documents"). Candidates share one of the bands that a signature is cut
into (Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", ch. 3.4), which finds a
pair of likeness 0.9 all but once in ten thousand times. Signatures are kept on disk, so that
later runs compare with the documents of earlier ones in little memory.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Signature: TypeAlias = npt.NDArray[np.uint64]

FILE_NAME = "duplicates.sqlite"
FORMAT = 1  # raise it when signatures or tables change: an older file is begun anew
LIKENESS = 0.9
SHINGLE_WORDS = 5
PERMUTATIONS = 128
BANDS = 16  # of eight numbers each
SEED = 1
SHINGLES_AT_ONCE = 8192  # each takes a number for each permutation
WORD = re.compile(r"\w+")

SCHEMA = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS signatures (
    collection TEXT, doc_id TEXT, revision TEXT NOT NULL, signature BLOB NOT NULL,
    PRIMARY KEY (collection, doc_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (
    collection TEXT, band INTEGER, value BLOB, doc_id TEXT,
    PRIMARY KEY (collection, band, value, doc_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bands_by_document ON bands (collection, doc_id);
"""
DROP = "DROP TABLE IF EXISTS signatures; DROP TABLE IF EXISTS bands;"
CANDIDATES = """
SELECT DISTINCT doc_id, revision, signature FROM bands JOIN signatures USING (collection, doc_id)
WHERE collection = ? AND band = ? AND value = ?
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A document that another one repeats; `likeness` in [0, 1]."""

    doc_id: str
    likeness: float


class Duplicates:
    """Signatures of the documents of one collection. Of use to one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, collection_uid: str) -> None:
        self._connection = connection
        self._collection = collection_uid

    @classmethod
    @contextmanager
    def open(cls, state_dir: Path, collection_uid: str) -> Iterator[Self]:
        """Open those of a database."""
        connection = sqlite3.connect(state_dir / FILE_NAME, check_same_thread=False)
        try:
            if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                connection.executescript(DROP)
            connection.executescript(SCHEMA)
            yield cls(connection, collection_uid)
        finally:
            connection.close()

    def knows(self, doc_id: str, revision: str) -> bool:
        """There is a signature of this revision of a document."""
        sql = "SELECT revision FROM signatures WHERE collection = ? AND doc_id = ?"
        found = self._connection.execute(sql, (self._collection, doc_id)).fetchone()
        return bool(found == (revision,))

    def find(
        self, doc_id: str, signature: Signature, counts: Callable[[str, str], bool]
    ) -> Match | None:
        """The document most like it, with a likeness of at least `LIKENESS`; else None.

        `counts` says whether a document, by id and revision, is one to compare with. Of
        equally like ones, the first by id.
        """
        matches = [
            Match(other, likeness(signature, known))
            for other, revision, known in self._candidates(signature)
            if other != doc_id and counts(other, revision)
        ]
        best = min(matches, key=lambda match: (-match.likeness, match.doc_id), default=None)
        return best if best and best.likeness >= LIKENESS else None

    def add(self, doc_id: str, revision: str, signature: Signature) -> None:
        """Remember a document, in place of an earlier revision of it."""
        key = (self._collection, doc_id)
        with self._connection as db:
            db.execute("DELETE FROM bands WHERE collection = ? AND doc_id = ?", key)
            row = (*key, revision, signature.tobytes())
            db.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)", row)
            rows = ((self._collection, *band, doc_id) for band in _bands(signature))
            db.executemany("INSERT INTO bands VALUES (?, ?, ?, ?)", rows)

    def _candidates(self, signature: Signature) -> Iterable[tuple[str, str, Signature]]:
        found = {
            doc_id: (doc_id, revision, np.frombuffer(known, np.uint64))
            for band in _bands(signature)
            for doc_id, revision, known in self._connection.execute(
                CANDIDATES, (self._collection, *band)
            )
        }
        return found.values()


def signature_of(text: str) -> Signature:
    """The MinHash of a text's runs of words, uint64 [PERMUTATIONS]; case does not matter."""
    from datasketch import MinHash

    minhash = MinHash(num_perm=PERMUTATIONS, seed=SEED)
    shingles = _shingles(text)
    while some := list(islice(shingles, SHINGLES_AT_ONCE)):
        minhash.update_batch(some)
    return np.asarray(minhash.hashvalues, np.uint64)


def likeness(one: Signature, other: Signature) -> float:
    """The Jaccard coefficient of two documents, estimated: the standard error is 0.044 at most."""
    return float(np.mean(one == other))


def _shingles(text: str) -> Iterator[bytes]:
    """Runs of `SHINGLE_WORDS` words; a shorter text is one run."""
    window: list[str] = []
    count = 0
    for match in WORD.finditer(text):
        window = [*window[1 - SHINGLE_WORDS :], match.group().casefold()]
        if len(window) == SHINGLE_WORDS:
            count += 1
            yield " ".join(window).encode()
    if not count:
        yield (" ".join(window) or text.strip()).encode()


def _bands(signature: Signature) -> Iterator[tuple[int, bytes]]:
    for number, band in enumerate(np.split(signature, BANDS)):
        yield number, band.tobytes()
