"""What the server holds while it runs, and how it comes to be ready."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import to_thread

from api.work import Work
from rag.errors import FailureError, TridentError
from rag.service import Rag

if TYPE_CHECKING:
    from rag.settings import Settings

log = logging.getLogger("trident.api")


class NotReadyError(FailureError):
    """The server is not ready to answer."""

    code = "not_ready"
    http_status = 503


@dataclass(slots=True)
class State:
    """The service, and why it is not ready (empty: it is)."""

    settings: Settings
    rag: Rag | None = None
    waiting_for: str = "The models are being loaded; ask again in a moment."
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work(self.settings.server.workers, self.settings.server.queue)

    @property
    def service(self) -> Rag:
        """The service once it is ready. Raises: NotReadyError."""
        if self.rag is None or self.waiting_for:
            raise NotReadyError(self.waiting_for)
        return self.rag

    async def start(self) -> None:
        """Open the database and load the models in a thread; a failure is kept, not raised."""
        opening = asyncio.ensure_future(to_thread.run_sync(self._open))
        await asyncio.wait([opening])
        error = opening.exception()
        if error:
            log.error("not ready", exc_info=error)
        self.waiting_for = _reason(error) if error else ""

    def _open(self) -> None:
        if self.rag is None:
            self.rag = Rag.open(self.settings)
        self.rag.warm_up()

    def close(self) -> None:
        """Release the database."""
        if self.rag is not None:
            self.rag.close()


def _reason(error: BaseException) -> str:
    """Ours say what to do; others may say what clients need not know."""
    if isinstance(error, TridentError):
        return str(error)
    return "The models could not be loaded; the server's log says why."
