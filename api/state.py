"""What the server holds while it runs, and how it comes to be ready."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

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

    @property
    def service(self) -> Rag:
        """The service once it is ready. Raises: NotReadyError."""
        if self.rag is None or self.waiting_for:
            raise NotReadyError(self.waiting_for)
        return self.rag

    async def start(self) -> None:
        """Open the database and load the models in a thread; a failure is kept, not raised."""
        try:
            await to_thread.run_sync(self._open)
        except TridentError as error:
            log.error("not ready: %s", error)
            self.waiting_for = str(error)
        else:
            self.waiting_for = ""

    def _open(self) -> None:
        if self.rag is None:
            self.rag = Rag.open(self.settings)
        self.rag.warm_up()

    def close(self) -> None:
        """Release the database."""
        if self.rag is not None:
            self.rag.close()
