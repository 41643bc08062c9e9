"""/v1/jobs: how indexing goes on in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.cursor import CURSOR_PATTERN, bad_cursor, cursor_after, last_before
from api.deps import Jobs, Reader, Worker, Writer
from api.jobs.errors import JobNotFoundError
from api.jobs.job import Job
from api.problems import documented

if TYPE_CHECKING:
    from api.auth.caller import Caller
    from api.jobs.runner import JobRunner

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
MOST = 1000
NEWEST = 2**63 - 1


class JobPage(BaseModel):
    """Jobs, newest first."""

    jobs: list[Job]
    next_cursor: str | None = Field(description="of the next page; null: this is the last one")


@router.get("", responses=documented(401, 403, 404, 422, 500, 503))
async def list_jobs(
    caller: Reader,
    jobs: Jobs,
    work: Worker,
    collection: Annotated[str | None, Query(description="only its jobs")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    cursor: Annotated[
        str,
        Query(
            max_length=100,
            description="the `next_cursor` of a page",
            json_schema_extra={"pattern": CURSOR_PATTERN},
        ),
    ] = "",
) -> JobPage:
    """Jobs that wait or run, and the last ones that have finished."""
    seen = caller.collections if collection is None else {caller.check(collection)}
    found = await work.run(jobs.page, limit + 1, _number(cursor), seen)
    page = found[:limit]
    return JobPage(
        jobs=[job for _, job in page],
        next_cursor=cursor_after(str(page[-1][0])) if len(found) > limit else None,
    )


@router.get("/{job_id}", responses=documented(401, 403, 404, 500, 503))
async def get_job(job_id: str, caller: Reader, jobs: Jobs, work: Worker) -> Job:
    """A job as it stands."""
    return await work.run(_visible, jobs, job_id, caller)


@router.delete("/{job_id}", status_code=202, responses=documented(401, 403, 404, 500, 503))
async def cancel_job(job_id: str, caller: Writer, jobs: Jobs, work: Worker) -> Job:
    """Cancel a job: at once while it waits, after the batch in work while it runs.

    What is written stays. A job that has finished stays as it is.
    """
    await work.run(_visible, jobs, job_id, caller)
    return await work.run(jobs.cancel, job_id)


def _number(cursor: str) -> int:
    last = last_before(cursor) if cursor else str(NEWEST)
    if not (last.isascii() and last.isdecimal()) or int(last) > NEWEST:
        raise bad_cursor(cursor)
    return int(last)


def _visible(jobs: JobRunner, job_id: str, caller: Caller) -> Job:
    """The job, if its collection was granted. Raises: JobNotFoundError, as if absent."""
    job = jobs.get(job_id)
    if not caller.sees(job.collection):
        raise JobNotFoundError(
            f"There is no job {job_id!r:.80}; GET /v1/jobs lists those that are remembered."
        )
    return job
