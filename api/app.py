"""The HTTP application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from api import problems, reference
from api.auth.access import Access
from api.auth.gate import Gate
from api.auth.key_file import KeyFile
from api.body_limit import BodyLimit, BodyLimits
from api.cors import allow_origins
from api.disconnect import CancelForsaken
from api.methods import HeadAsGet
from api.middleware import RequestId
from api.observe.requests import ObservedRequests
from api.openai import errors as openai_errors
from api.openapi import DocumentedApp
from api.routes import (
    collections,
    documents,
    ground,
    health,
    info,
    jobs,
    openai_chat,
    openai_embeddings,
    openai_models,
    query,
    rerank,
    search,
)
from api.state import State
from api.ui import page
from rag.settings import Settings, load_settings
from rag.store.state_dir import state_dir

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
    Raises: SettingsError when it could be reached from elsewhere without a key.
    """
    state = State(settings or (rag.settings if rag else load_settings()), rag)
    folder = rag.store.state_dir if rag else state_dir(state.settings.store)
    access = Access(state.settings.server, KeyFile(folder))
    app = DocumentedApp(
        title="Trident",
        description=DESCRIPTION,
        version=version("trident-rag"),
        lifespan=_lifespan(state, owns_rag=rag is None),
        docs_url=None,  # `reference` serves it
        redoc_url=None,
        redirect_slashes=False,  # it would name the address that a proxy hides
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.trident = state
    problems.install(app, openai_errors.FORMS)
    reference.install(app)
    page.install(app)
    for routes in (
        search,
        query,
        ground,
        rerank,
        collections,
        documents,
        jobs,
        health,
        openai_models,
        openai_embeddings,
        openai_chat,
        info,
    ):
        app.include_router(routes.router)
    app.add_middleware(HeadAsGet)
    # It refuses files by raising from `receive`, which must reach the route.
    app.add_middleware(BodyLimit, limits=BodyLimits.of(state.settings.server))
    app.add_middleware(CancelForsaken)
    app.add_middleware(Gate, access=access, settings=state.settings.server)
    allow_origins(app, state.settings.server.cors_origins)
    app.add_middleware(ObservedRequests, metrics=state.metrics, tracing=state.tracing)
    app.add_middleware(RequestId)
    return app


def _lifespan(
    state: State, owns_rag: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(state.start())
        yield
        state.leave()
        await starting
        await state.stop()
        if owns_rag:
            state.close()
        state.tracing.close()

    return lifespan
