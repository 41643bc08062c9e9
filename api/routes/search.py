"""POST /v1/search: passages for a question."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Reader, Service, Worker
from api.problems import documented
from api.schemas import SearchRequest, SearchResponse

router = APIRouter(prefix="/v1", tags=["retrieval"])


@router.post("/search", responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 500, 503))
async def search(
    body: SearchRequest, caller: Reader, service: Service, work: Worker
) -> SearchResponse:
    """Find passages: dense, sparse and full-text recall, fused, reranked by MaxSim."""
    result = await work.run(
        service.search,
        body.question,
        collection=caller.check(body.collection or service.settings.collection),
        where=body.filter(),
        options=body.options(service.settings.search),
        details=body.details(),
    )
    return SearchResponse.of(result)
