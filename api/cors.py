"""Which web pages may use the server: none, unless `server.cors_origins` names their sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware

from api.methods import METHODS
from api.problems import REQUEST_ID_HEADER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

SENT = ("Authorization", "X-API-Key", "Content-Type", "Cache-Control", REQUEST_ID_HEADER)
READ = (REQUEST_ID_HEADER, "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Cache")


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let pages of these origins send requests and read answers, refusals included."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=SENT,
            expose_headers=READ,
        )
