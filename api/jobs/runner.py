"""Jobs: taken in, run one after the other, asked about, and ended."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from api.jobs.errors import JobNotFoundError
from api.jobs.job import Job, JobProgress, JobState
from api.jobs.spool import Spool
from api.jobs.table import JobTable
from api.jobs.task import IndexTask
from api.refusals import OverloadedError
from indexers.interrupt import Interrupt
from rag.errors import StoreError, StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.jobs.spool import Given
    from rag.service import Rag
    from rag.settings import ServerSettings

log = logging.getLogger("trident.api.jobs")
LOCK, UPLOADS = "jobs.lock", "uploads"
RETRY_SECONDS = 5.0
STOP_SECONDS = 60.0  # far more than the batch takes after which a job stops


@dataclass(slots=True)
class Running:
    """The job in work, how to end it, and how far it is."""

    job: Job
    interrupt: Interrupt = field(default_factory=Interrupt)

    def show(self, progress: JobProgress) -> None:
        """Take note of how far it is."""
        self.job = self.job.model_copy(update={"progress": progress})


class JobRunner:
    """Runs jobs in the order in which they came, in one thread: a database has one writer.

    What `submit` has taken in survives a kill: it is run again when the server starts, and
    since documents that are there already are passed over, nothing is indexed twice.
    """

    def __init__(self, rag: Rag, lock: FileLock):
        folder = rag.store.state_dir
        self._lock = lock
        self._settings: ServerSettings = rag.settings.server
        self._table = JobTable(folder)
        self._spool = Spool(folder / UPLOADS)
        self._task = IndexTask(rag, self._spool)
        self._changed = threading.Condition()
        self._running: Running | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    @classmethod
    def open(cls, rag: Rag) -> Self:
        """Go on with the jobs of the service's database.

        Raises: StoreLockedError when another server works on them; StoreError.
        """
        lock = FileLock(rag.store.state_dir / LOCK, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreLockedError(
                "Another server indexes for this database; send documents to that one."
            ) from error
        try:
            runner = cls(rag, lock)
            runner._recover()
        except BaseException:
            lock.release()
            raise
        runner._thread.start()
        return runner

    def submit(self, collection: str, given: Sequence[Given], ids: Sequence[str] = ()) -> Job:
        """Take documents in: they are on disk when this returns.

        Raises: OverloadedError when too many jobs wait; StoreError when the disk is full.
        """
        if self._table.count(JobState.QUEUED) >= self._settings.most_jobs:
            raise OverloadedError("Too many jobs wait; send this again when some are done.")
        job = Job.new(collection, len(ids) or len(given))
        self._keep(job, given, ids)
        try:
            self._table.add(job)
        except StoreError:
            self._spool.remove(job.id)
            raise
        with self._changed:
            self._changed.notify_all()
        return job

    def get(self, job_id: str) -> Job:
        """A job as it stands. Raises: JobNotFoundError."""
        with self._changed:
            if self._running and self._running.job.id == job_id:
                return self._running.job
            found = self._table.get(job_id)
        if found is None:
            raise JobNotFoundError(
                f"There is no job {job_id!r:.80}; GET /v1/jobs lists those that are remembered."
            )
        return found

    def page(
        self, limit: int, before: int, collections: Collection[str] | None
    ) -> list[tuple[int, Job]]:
        """As `JobTable.page`, the job in work as it stands."""
        page = self._table.page(limit, before, collections)
        running = self._running
        if running is None:
            return page
        return [(n, running.job if job.id == running.job.id else job) for n, job in page]

    def counts(self) -> dict[str, int]:
        """How many of the jobs that are remembered are in each state."""
        return {state.value: self._table.count(state) for state in JobState}

    def cancel(self, job_id: str) -> Job:
        """End a job: at once when it waits, after the batch in work when it runs.

        What is written stays. One that has finished stays as it is. Raises: JobNotFoundError.
        """
        with self._changed:
            job = self.get(job_id)
            if job.is_finished:
                return job
            if self._running and self._running.job.id == job_id:
                self._table.note_cancel(job_id)
                self._running.interrupt.requested = True
                return job
            return self._end(job.to(JobState.CANCELLED))

    def cancel_all(self, collection: str) -> None:
        """End all jobs of a collection, and wait until none of them runs.

        Raises: OverloadedError when the one that runs takes too long to stop.
        """
        with self._changed:
            waiting = self._table.in_state(JobState.QUEUED)
            for job in [*waiting, *([self._running.job] if self._running else [])]:
                if job.collection == collection:
                    self.cancel(job.id)
            stopped = self._changed.wait_for(lambda: not self._runs(collection), STOP_SECONDS)
        if not stopped:
            raise OverloadedError("A job of this collection is still stopping; retry in a moment.")

    def close(self) -> None:
        """Stop after the batch in work; what is not done is queued again."""
        with self._changed:
            self._stopping = True
            if self._running:
                self._running.interrupt.requested = True
            self._changed.notify_all()
        self._thread.join()
        self._table.close()
        self._lock.release()

    def _keep(self, job: Job, given: Sequence[Given], ids: Sequence[str]) -> None:
        try:
            self._spool.keep(job.id, given, ids)
        except OSError as error:
            raise StoreError(
                f"The documents cannot be kept until they are indexed: {error.strerror}."
            ) from error

    def _recover(self) -> None:
        """Queue what a kill has ended, and forget uploads that no job is for."""
        for job in self._table.in_state(JobState.RUNNING):
            cancelled = self._table.is_cancelled(job.id)
            self._table.save(job.to(JobState.CANCELLED if cancelled else JobState.QUEUED))
        self._spool.remove_all_but({job.id for job in self._table.in_state(JobState.QUEUED)})

    def _work(self) -> None:
        while not self._stopping:
            try:
                self._work_on_next()
            except StoreError:  # the disk may be full, and not for ever
                log.exception("the jobs wait")
                with self._changed:
                    self._changed.wait(RETRY_SECONDS)

    def _work_on_next(self) -> None:
        running = self._next()
        if running is None:
            return
        ended = self._task.run(running.job, running.interrupt, running.show)
        with self._changed:
            try:
                self._take_back(ended, running.job.progress)
            finally:
                self._running = None
                self._changed.notify_all()

    def _next(self) -> Running | None:
        """The next job, once there is one; None when there is to be none any more."""
        with self._changed:
            while not self._stopping:
                job = self._table.first(JobState.QUEUED)
                if job:
                    self._running = Running(job.to(JobState.RUNNING))
                    self._table.save(self._running.job)
                    return self._running
                self._changed.wait()
        return None

    def _take_back(self, job: Job, progress: JobProgress) -> None:
        """A job that was interrupted has either been cancelled or must go on later."""
        if job.is_finished:
            self._end(job)
        elif self._table.is_cancelled(job.id):
            self._end(job.to(JobState.CANCELLED, progress=progress))
        else:
            self._table.save(job.to(JobState.QUEUED, report=None, errors=[]))

    def _end(self, job: Job) -> Job:
        self._table.save(job)
        self._table.prune(self._settings.kept_jobs)
        self._spool.remove(job.id)
        return job

    def _runs(self, collection: str) -> bool:
        return self._running is not None and self._running.job.collection == collection
