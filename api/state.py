"""What the server holds while it runs, and how it comes to be ready."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from api.caches import Caches
from api.jobs.runner import JobRunner
from api.observe.live import CacheMetrics, StateMetrics, WorkMetrics
from api.observe.metrics import Metrics
from api.observe.service import Observing
from api.observe.tracing import Tracing, load_tracing
from api.opening import PASSING, open_service
from api.work import Work
from rag.errors import FailureError, StoreLockedError, TridentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.service import Rag
    from rag.settings import Settings

log = logging.getLogger("trident.api")
RETRY_SECONDS = 2.0
LAST_CALLS_SECONDS = 10.0  # for what was cut off but still runs in a thread, with the database


class NotReadyError(FailureError):
    """The server is not ready to answer."""

    code = "not_ready"
    http_status = 503


LOADING = NotReadyError("The models are being loaded; ask again in a moment.")


@dataclass(slots=True)
class State:
    """The service, why it is not ready (`failure`, None: it is), and what surrounds it.

    Raises: SettingsError when traces are asked for and cannot be had.
    """

    settings: Settings
    rag: Rag | None = None
    failure: TridentError | None = LOADING
    runner: JobRunner | StoreLockedError | None = None
    work: Work = field(init=False)
    caches: Caches = field(init=False)
    tracing: Tracing = field(init=False)
    metrics: Metrics = field(default_factory=Metrics, init=False)
    _leaving: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        server = self.settings.server
        self.work = Work(server.workers, server.queue)
        self.caches = Caches.of(server)
        self.tracing = load_tracing(server)
        for collector in (WorkMetrics(self.work), CacheMetrics(self.caches), StateMetrics(self)):
            self.metrics.watch(collector)

    @property
    def service(self) -> Rag:
        """The service once it is ready. Raises: NotReadyError."""
        if self.rag is None or self.failure:
            raise NotReadyError(str(self.failure))
        return self.rag

    @property
    def jobs(self) -> JobRunner:
        """What indexes in the background. Raises: NotReadyError, StoreLockedError."""
        if isinstance(self.runner, StoreLockedError):
            raise StoreLockedError(str(self.runner))
        if self.runner is None or self.failure:
            raise NotReadyError(str(self.failure))
        return self.runner

    def job_counts(self) -> Mapping[str, int]:
        """How many jobs are in each state; none before there are jobs."""
        return self.runner.counts() if isinstance(self.runner, JobRunner) else {}

    async def start(self) -> None:
        """Open the database and load the models in a thread, again while that may help.

        A failure is kept, not raised.
        """
        while await self._fails_for_now():
            with anyio.move_on_after(RETRY_SECONDS):
                await self._leaving.wait()
                return

    def leave(self) -> None:
        """Begin nothing new; what runs has the time of `server.grace`."""
        self._leaving.set()
        self.work.stop(self.settings.server.grace)

    async def stop(self) -> None:
        """Let the batch of documents in work be the last one, and the calls that run the last."""
        self.leave()
        if isinstance(self.runner, JobRunner):
            await to_thread.run_sync(self.runner.close)
        await self.work.idle(LAST_CALLS_SECONDS)

    def close(self) -> None:
        """Release the database."""
        if self.rag is not None:
            self.rag.close()

    async def _fails_for_now(self) -> bool:
        """Try to become ready; says whether it failed for a reason that may pass."""
        opening = asyncio.ensure_future(to_thread.run_sync(self._open))
        await asyncio.wait([opening])
        self._tell(opening.exception())
        return isinstance(self.failure, PASSING)

    def _open(self) -> None:
        if self.rag is None:
            self.rag = open_service(self.settings, self.caches.questions)
        else:
            self.rag.warm_up()
        self.rag.observer = Observing(self.metrics, self.tracing)
        try:
            self.runner = JobRunner.open(self.rag)
        except StoreLockedError as error:  # searches go on beside another server
            self.runner = error

    def _tell(self, error: BaseException | None) -> None:
        before, self.failure = str(self.failure), _failure(error)
        if error is None:
            log.info("ready")
        elif isinstance(error, TridentError) and str(error) != before:
            log.error("not ready (%s): %s", error.code, error)
        elif not isinstance(error, TridentError):
            log.error("not ready: %r", error, exc_info=error)


def _failure(error: BaseException | None) -> TridentError | None:
    """Ours say what to do; others may say what clients need not know."""
    if error is None or isinstance(error, TridentError):
        return error
    return NotReadyError("The models could not be loaded; the server's log says why.")
