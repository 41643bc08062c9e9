"""The HTTP application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from api import problems, reference
from api.middleware import BodyLimit, RequestId
from api.openapi import DocumentedApp
from api.routes import ground, health, query, search
from api.state import State
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from rag.service import Rag

DESCRIPTION = """\
Three-way hybrid retrieval, late-interaction reranking and cited answers.

Errors are `application/problem+json` (RFC 9457) with a stable `code`."""


def create_app(settings: Settings | None = None, rag: Rag | None = None) -> FastAPI:
    """The application over `rag`, or over a service that it opens from `settings`.

    The server answers at once: /livez is 200, /readyz 503 until the models are loaded.
    """
    state = State(settings or (rag.settings if rag else load_settings()), rag)
    app = DocumentedApp(
        title="Trident",
        description=DESCRIPTION,
        version=version("trident-rag"),
        lifespan=_lifespan(state, owns_rag=rag is None),
        docs_url=None,  # `reference` serves it
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.trident = state
    problems.install(app)
    reference.install(app)
    for routes in (search, query, ground, health):
        app.include_router(routes.router)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestId)
    return app


def _lifespan(
    state: State, owns_rag: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(state.start())
        yield
        await starting
        if owns_rag:
            state.close()

    return lifespan
