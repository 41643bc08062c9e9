"""Kill the server while documents come in, start it again, and look for what is lost."""

from __future__ import annotations

import hashlib
import time
from asyncio import sleep
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx

from eval.aims import Aim, at_most
from eval.serve.clients import run_load
from eval.serve.collections import make_collection
from eval.serve.recovery import TIMEOUT, documents_there, is_there, wait_for_jobs
from eval.serve.requests import UPLOAD, UPLOAD_COLLECTION, Requests, documents_path, post
from eval.serve.server_process import LONGEST_START, running
from eval.synthetic.rows import question_text
from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from eval.serve.server_process import ServerProcess

WRITERS, READERS = 2, 2
BATCH = 5  # documents of a request
PAUSE = 0.3  # between a writer's requests: every one is a job
AFTER_KILL = 0.5  # for which clients go on, to a server that is gone
MOST_LOST = 0
MOST_READY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ChaosReport:
    """`acknowledged` documents had got their 202 before the kill; `indexed` of them were
    there when the new server was asked first; `lost` ones are not when all its jobs are done.

    `ready_seconds` from the new server's start until /readyz was green, `recovered_seconds`
    until all jobs were done.
    """

    acknowledged: int
    indexed: int
    lost: Sequence[str]
    ready_seconds: float
    recovered_seconds: float
    errors: Mapping[str, int]
    aims: Sequence[Aim]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(slots=True)
class Writer:
    """Sends batches of documents and keeps the numbers of those that were acknowledged."""

    acknowledged: list[int] = field(default_factory=list)

    async def upload(self, http: httpx.AsyncClient, number: int) -> str:
        """Add a batch of documents, which no other number's are."""
        numbers = range(number * BATCH, (number + 1) * BATCH)
        documents = [document(each) for each in numbers]
        await post(http, documents_path(UPLOAD_COLLECTION), {"documents": documents})
        self.acknowledged.extend(numbers)
        await sleep(PAUSE)
        return UPLOAD


def run(
    store: Path,
    seconds: float,
    variables: Mapping[str, str] | None = None,
    longest_start: float = LONGEST_START,
) -> ChaosReport:
    """Kill a server over the database in `store` after so many seconds. Raises: FailureError."""
    writer = Writer()
    with running(store, variables) as server:
        make_collection(server.url, UPLOAD_COLLECTION)
        errors = _kill_under_load(server, writer, seconds)
    if not writer.acknowledged:
        raise FailureError(f"The server acknowledged nothing before it was killed: {errors}.")
    names = [name_of(number) for number in writer.acknowledged]
    with running(store, variables, longest_start) as server:
        return _look_for(names, server, errors)


def _look_for(
    names: Sequence[str], server: ServerProcess, errors: Mapping[str, int]
) -> ChaosReport:
    with httpx.Client(base_url=server.url, timeout=TIMEOUT) as http:
        indexed = documents_there(http)
        recovered = server.ready_seconds + wait_for_jobs(http)
        lost = [name for name in names if not is_there(http, name)]
    return ChaosReport(
        acknowledged=len(names),
        indexed=indexed,
        lost=lost,
        ready_seconds=server.ready_seconds,
        recovered_seconds=recovered,
        errors=errors,
        aims=[
            at_most("lost", MOST_LOST, len(lost)),
            at_most("ready_seconds", MOST_READY_SECONDS, server.ready_seconds),
        ],
    )


def name_of(number: int) -> str:
    """A document's id, a word that no other document has."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def document(number: int) -> Mapping[str, str]:
    """A document that is found by its id, too."""
    name = name_of(number)
    return {"id": name, "title": "", "text": f"{name} {question_text(number)}."}


def _kill_under_load(server: ServerProcess, writer: Writer, seconds: float) -> dict[str, int]:
    """Errors by kind; those of the time after the kill are among them."""
    reader = Requests(UPLOAD_COLLECTION, may_be_empty=True)
    sends = [*([writer.upload] * WRITERS), *([reader.search] * READERS)]
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(run_load, server.url, sends, count(), seconds + AFTER_KILL)
        time.sleep(seconds)
        server.kill()
        return dict(loading.result().errors)
