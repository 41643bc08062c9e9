"""The jobs in a file of SQLite beside the database's."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from api.jobs.job import FINISHED, Job, JobState
from rag.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

FILE_NAME = "jobs.sqlite"
# A job that was acknowledged must be there after a power cut, too.
SCHEMA = """
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT UNIQUE NOT NULL,
    collection TEXT NOT NULL,
    state TEXT NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, number);
"""
ADD = "INSERT INTO jobs (id, collection, state, body) VALUES (?, ?, ?, ?)"
SAVE = "UPDATE jobs SET state = ?, body = ? WHERE id = ?"
GET = "SELECT body FROM jobs WHERE id = ?"
IN_STATE = "SELECT body FROM jobs WHERE state = ? ORDER BY number"
FIRST_IN_STATE = f"{IN_STATE} LIMIT 1"
COUNT_IN_STATE = "SELECT count(*) FROM jobs WHERE state = ?"
CANCEL = "UPDATE jobs SET cancel = 1 WHERE id = ?"
GET_CANCEL = "SELECT cancel FROM jobs WHERE id = ?"
# The collections that may be seen are a list in JSON; null: all of them.
PAGE = """
SELECT number, body FROM jobs
WHERE number < ?1 AND (?2 IS NULL OR collection IN (SELECT value FROM json_each(?2)))
ORDER BY number DESC LIMIT ?3
"""
PRUNE = f"""
DELETE FROM jobs WHERE number IN (
    SELECT number FROM jobs WHERE state IN ({", ".join(f"'{state}'" for state in sorted(FINISHED))})
    ORDER BY number DESC LIMIT -1 OFFSET ?
)
"""  # noqa: S608 - constants


class JobTable:
    """All jobs by the order in which they came. Safe to use from several threads.

    Every method raises StoreError when the file cannot be used.
    """

    def __init__(self, folder: Path):
        self._lock = threading.Lock()
        with _sentences():
            self._connection = sqlite3.connect(folder / FILE_NAME, check_same_thread=False)
            self._connection.executescript(SCHEMA)

    def add(self, job: Job) -> None:
        """Enter a new job; it survives a kill from here on."""
        self._run(ADD, job.id, job.collection, job.state, job.model_dump_json())

    def save(self, job: Job) -> None:
        """Note what a job has become."""
        self._run(SAVE, job.state, job.model_dump_json(), job.id)

    def get(self, job_id: str) -> Job | None:
        """The job of that id."""
        return next(iter(self._jobs(GET, job_id)), None)

    def first(self, state: JobState) -> Job | None:
        """The oldest job in a state."""
        return next(iter(self._jobs(FIRST_IN_STATE, state)), None)

    def in_state(self, state: JobState) -> list[Job]:
        """All jobs in a state, oldest first."""
        return self._jobs(IN_STATE, state)

    def count(self, state: JobState) -> int:
        """How many jobs are in a state."""
        return int(self._run(COUNT_IN_STATE, state)[0][0])

    def page(
        self, limit: int, before: int, collections: Collection[str] | None
    ) -> list[tuple[int, Job]]:
        """Jobs of these collections (None: of all) with their numbers, newest first.

        They are numbered below `before`.
        """
        names = None if collections is None else json.dumps(sorted(collections))
        rows = self._run(PAGE, before, names, limit)
        return [(number, Job.model_validate_json(body)) for number, body in rows]

    def note_cancel(self, job_id: str) -> None:
        """The job is to end, whatever happens to this process."""
        self._run(CANCEL, job_id)

    def is_cancelled(self, job_id: str) -> bool:
        """Somebody wants the job to end."""
        return bool(self._run(GET_CANCEL, job_id)[0][0])

    def prune(self, keep: int) -> None:
        """Forget finished jobs but for the last ones."""
        self._run(PRUNE, keep)

    def close(self) -> None:
        """Release the file; idempotent."""
        with self._lock:
            self._connection.close()

    def _jobs(self, sql: str, *values: str) -> list[Job]:
        return [Job.model_validate_json(body) for (body,) in self._run(sql, *values)]

    def _run(self, sql: str, *values: str | int | None) -> list[Any]:
        with _sentences(), self._lock, self._connection as db:
            return db.execute(sql, values).fetchall()


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what SQLite raises into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The jobs of the database cannot be read or kept: {error}.") from error
