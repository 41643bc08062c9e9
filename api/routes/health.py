"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.deps import ServerState
from api.problems import documented, problem
from api.refusals import StoppingError

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """A healthy answer."""

    status: str = "ok"


@router.get("/livez", responses=documented(500))
async def livez() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", response_model=Health, responses=documented(500, 503))
async def readyz(request: Request, state: ServerState) -> Health | Response:
    """The database is open and the models are loaded; else 503 with the reason and its code."""
    failure = StoppingError() if state.work.stopping else state.failure
    return problem(request, 503, failure.code, str(failure)) if failure else Health()
