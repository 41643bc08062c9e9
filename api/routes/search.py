"""POST /v1/search: passages for a question."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Response

from api.answers import CACHE_HEADER, CachedAnswers
from api.deps import Reader, Service
from api.problems import documented
from api.schemas import SearchRequest, SearchResponse

router = APIRouter(prefix="/v1", tags=["retrieval"])


PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422, 500, 503)


@router.post("/search", response_model=SearchResponse, responses=CACHE_HEADER | PROBLEMS)
async def search(
    body: SearchRequest, caller: Reader, service: Service, answers: CachedAnswers
) -> Response:
    """Find passages: dense, sparse and full-text recall, fused, reranked by MaxSim."""
    collection = caller.check(body.collection or service.settings.collection)
    find = partial(
        service.search,
        body.question,
        collection=collection,
        where=body.filter(),
        options=body.options(service.settings.search),
        details=body.details(),
    )
    return await answers.respond(collection, body, lambda: SearchResponse.of(find()))
