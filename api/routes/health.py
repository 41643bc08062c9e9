"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import ServerState
from api.problems import documented

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """A healthy answer."""

    status: str = "ok"


@router.get("/livez", responses=documented(500))
async def livez() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", responses=documented(500, 503))
async def readyz(state: ServerState) -> Health:
    """The database is open and the models are loaded; else 503 with the reason."""
    _ = state.service
    return Health()
