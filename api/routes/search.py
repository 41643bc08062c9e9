"""POST /v1/search: passages for a question."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Service
from api.problems import documented
from api.schemas import SearchRequest, SearchResponse

router = APIRouter(prefix="/v1", tags=["retrieval"])


# A plain function: FastAPI runs it in a thread, so that the event loop is never blocked.
@router.post("/search", responses=documented(400, 404, 409, 413, 415, 422, 500, 503))
def search(body: SearchRequest, service: Service) -> SearchResponse:
    """Find passages: dense, sparse and full-text recall, fused, reranked by MaxSim."""
    result = service.search(
        body.question,
        collection=body.collection,
        where=body.filter(),
        options=body.options(service.settings.search),
        details=body.details(),
    )
    return SearchResponse.of(result)
