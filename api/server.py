"""The server process: uvicorn, with a quiet end."""

from __future__ import annotations

import logging
import signal
import sys
from typing import TYPE_CHECKING

import uvicorn

from api.app import create_app
from api.observe.logs import configure_logs

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from api.state import State
    from rag.settings import Settings

log = logging.getLogger("trident.api")
LAST_WORDS_SECONDS = 5  # for streams to be told that it is over, after the time of grace


class GracefulServer(uvicorn.Server):
    """Tells the application first when it is to stop, so that it begins nothing new."""

    def __init__(self, config: uvicorn.Config, state: State):
        super().__init__(config)
        self._state = state

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let what runs end, close the application."""
        self._state.leave()
        await super().shutdown(sockets)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, after which what runs has `server.grace` seconds to end.

    Either ends the process with exit code 0. Raises: SettingsError.
    """
    configure_logs(settings.server.log_format)
    # uvicorn raises the signal again when all is closed, which would be another exit code.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _exit)
    app = create_app(settings)
    log.info("Trident at http://%s:%s", settings.server.host, settings.server.port)
    config = uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        access_log=False,  # api.observe.requests writes one without paths
        timeout_graceful_shutdown=int(settings.server.grace) + LAST_WORDS_SECONDS,
    )
    GracefulServer(config, app.state.trident).run()


def _exit(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
