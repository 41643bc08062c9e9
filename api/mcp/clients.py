"""Clients of the API: one of a running server, and one of the API inside this process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from api.app import create_app
from rag.settings import with_changes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from rag.service import Rag
    from rag.settings import Settings

CONNECT_SECONDS = 5.0
# A language model may write for long; who has lost patience cancels the call.
ANSWER_SECONDS = 600.0


def alone(settings: Settings) -> Settings:
    """The same without keys and limits: who started this process may do anything in it."""
    changes = {"host": "127.0.0.1", "auth": "off", "address_rate_limit": ""}
    return settings.model_copy(update={"server": with_changes(settings.server, changes)})


@asynccontextmanager
async def in_process(rag: Rag) -> AsyncIterator[httpx.AsyncClient]:
    """The API over a service that is open; its models are loaded meanwhile."""
    app = create_app(alone(rag.settings), rag)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        yield client


@asynccontextmanager
async def of_server(url: str, key: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """A server that runs at `url`; `key` is sent with every request."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout) as client:
        yield client
