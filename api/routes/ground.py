"""POST /v1/ground: a verdict for each claim of an answer from anywhere."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Service
from api.grounding import GroundingOut, GroundRequest
from api.problems import documented

router = APIRouter(prefix="/v1", tags=["answers"])


# A plain function: FastAPI runs it in a thread, so that the event loop is never blocked.
@router.post("/ground", responses=documented(400, 413, 415, 422, 500, 503))
def ground(body: GroundRequest, service: Service) -> GroundingOut:
    """Check every claim of an answer against the passages that it was made from."""
    grounding = service.ground(body.answer, body.context, question=body.question)
    return GroundingOut.of(grounding)
