"""The work of one job: what lies in the spool into its collection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from api.jobs.job import JobError, JobProgress, JobReport, JobState
from indexers.options import IndexOptions
from indexers.pipeline import index_sources
from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from api.jobs.job import Job
    from api.jobs.spool import Contents, Spool
    from indexers.interrupt import Interrupt
    from indexers.progress import Progress
    from indexers.report import IndexReport, Skip
    from rag.service import Rag
    from rag.settings import Settings

log = logging.getLogger("trident.api.jobs")
MOST_ERRORS = 1000
REQUEST_BODY = "request body"  # the source of documents that came in a request's JSON
BROKE = "Something broke on our side; the server's log tells more under this job's id."


class IndexTask:
    """Indexes one job after the other by the parsers, limits and chunks of `trident index`."""

    def __init__(self, rag: Rag, spool: Spool):
        self._rag = rag
        self._spool = spool

    def run(self, job: Job, interrupt: Interrupt, show: Callable[[JobProgress], None]) -> Job:
        """The job as it ended; still running when it was interrupted."""
        try:
            return self._index(job, interrupt, show)
        except TridentError as error:
            return _failed(job, str(error))
        except Exception:  # a job must not end the thread that works on all of them
            log.exception("job %s failed", job.id)
            return _failed(job, BROKE)

    def _index(self, job: Job, interrupt: Interrupt, show: Callable[[JobProgress], None]) -> Job:
        rag, contents = self._rag, self._spool.contents(job.id)
        rag.store.describe(job.collection)  # the pipeline would make one that was dropped
        report = index_sources(
            self._spool.sources(job.id, contents),
            job.collection,
            rag.store,
            rag.encoder,
            options=_options(rag.settings, contents),
            progress=lambda state: show(_progress(state, job)),
            interrupt=interrupt,
        )
        return _done(job, report, contents)


def _options(settings: Settings, contents: Contents) -> IndexOptions:
    """Those of the server; `parse.map` is for records of others, not for a request's JSON."""
    fields = {} if contents.ids else settings.parse.map
    return IndexOptions(
        chunk=settings.chunk,
        parse=settings.parse.model_copy(update={"fail_fast": False, "map": fields}),
        searchable_timeout=settings.store.searchable_timeout,
    )


def _progress(state: Progress, job: Job) -> JobProgress:
    return JobProgress(
        documents_done=state.documents,
        documents=job.progress.documents,
        chunks=state.chunks,
        fraction=state.bytes_done / state.bytes_total if state.bytes_total else 0.0,
    )


def _done(job: Job, report: IndexReport, contents: Contents) -> Job:
    changes = {
        "report": JobReport.of(report),
        "errors": list(_errors(report.skipped[:MOST_ERRORS], contents)),
    }
    if report.interrupted:
        return job.model_copy(update=changes)
    progress = JobProgress(
        documents_done=report.added + report.replaced + report.unchanged,
        documents=job.progress.documents,
        chunks=report.chunks,
        fraction=1.0,
    )
    return job.to(JobState.SUCCEEDED, progress=progress, **changes)


def _errors(skipped: Iterable[Skip], contents: Contents) -> Iterator[JobError]:
    """The pipeline names the documents of a request by their line, a client by their id."""
    ids = {f"{REQUEST_BODY}:{line}": doc_id for line, doc_id in enumerate(contents.ids, 1)}
    for skip in skipped:
        yield JobError(source=ids.get(skip.source, skip.source), detail=skip.reason)


def _failed(job: Job, detail: str) -> Job:
    return job.to(JobState.FAILED, errors=[JobError(source="", detail=detail)])
