"""A job: as it is kept and as it goes over the wire."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from indexers.report import IndexReport


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


# What is noted on entering a state; a job that is queued again has not started.
TIMES = {JobState.QUEUED: "started", JobState.RUNNING: "started"}
FINISHED = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


class Part(BaseModel):
    """A part of a job; it never changes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class JobProgress(Part):
    """How far a job is."""

    documents_done: int = Field(default=0, description="indexed, or found unchanged")
    documents: int = Field(description="sent; a file counts as one, though it may hold many")
    chunks: int = Field(default=0, description="encoded so far")
    fraction: float = Field(default=0.0, ge=0, le=1, description="of the bytes sent")


class JobReport(Part):
    """What a job did: counts of documents, chunks written, and where the time went."""

    added: int
    replaced: int
    unchanged: int
    chunks: int
    windowed: int = Field(description="chunks longer than a model reads at once")
    seconds: dict[str, float] = Field(description="by stage; some overlap")
    total_seconds: float
    forward_seconds: float = Field(description="in the models")

    @classmethod
    def of(cls, report: IndexReport) -> Self:
        """From the pipeline's report."""
        return cls.model_validate(report)


class JobError(Part):
    """Something that was not indexed; it cost only itself, unless the whole job failed."""

    source: str = Field(description="id of the document, or name of the file; empty: the job")
    detail: str


class Job(Part):
    """Documents on their way into a collection."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "3f0c9a7e5b1d4c2f8e6a0b9d7c5e3f1a",
                    "collection": "python",
                    "state": "running",
                    "created": "2026-05-31T12:30:00Z",
                    "started": "2026-05-31T12:30:01Z",
                    "finished": None,
                    "progress": {
                        "documents_done": 3,
                        "documents": 12,
                        "chunks": 96,
                        "fraction": 0.25,
                    },
                    "report": None,
                    "errors": [],
                }
            ]
        }
    )

    id: str
    collection: str
    state: JobState = Field(
        default=JobState.QUEUED,
        description="`succeeded` says that all that could be indexed is: see `errors` for the rest",
    )
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    progress: JobProgress
    report: JobReport | None = Field(default=None, description="null until it has finished")
    errors: list[JobError] = Field(
        default=[], description="documents that were not indexed, at most 1,000; or why it failed"
    )

    @classmethod
    def new(cls, collection: str, documents: int) -> Self:
        """One that waits."""
        progress = JobProgress(documents=documents)
        return cls(id=uuid.uuid4().hex, collection=collection, created=now(), progress=progress)

    @property
    def is_finished(self) -> bool:
        """Nothing will change any more."""
        return self.state in FINISHED

    def to(self, state: JobState, **changes: object) -> Self:
        """The same job in another state."""
        when = TIMES.get(state, "finished")
        at = None if state is JobState.QUEUED else now()
        return self.model_copy(update={"state": state, when: at, **changes})


def now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
