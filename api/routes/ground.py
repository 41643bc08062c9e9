"""POST /v1/ground: a verdict for each claim of an answer from anywhere."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Reader, Service, Worker
from api.grounding import GroundingOut, GroundRequest
from api.problems import documented

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post("/ground", responses=documented(400, 401, 403, 413, 415, 422, 500, 503))
async def ground(
    body: GroundRequest, _caller: Reader, service: Service, work: Worker
) -> GroundingOut:
    """Check every claim of an answer against the passages that it was made from."""
    grounding = await work.run(service.ground, body.answer, body.context, question=body.question)
    return GroundingOut.of(grounding)
