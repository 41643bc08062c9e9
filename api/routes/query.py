"""POST /v1/query: an answer with citations."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Reader, Service, Worker
from api.problems import documented
from api.schemas import QueryRequest, QueryResponse

router = APIRouter(prefix="/v1", tags=["answers"])


PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504)


@router.post("/query", responses=PROBLEMS)
async def query(
    body: QueryRequest, caller: Reader, service: Service, work: Worker
) -> QueryResponse:
    """Answer a question from a collection, every sentence with its source."""
    answer = await work.run(
        service.ask,
        body.question,
        collection=caller.check(body.collection or service.settings.collection),
        where=body.filter(),
        options=body.options(service.settings.search),
        answer=body.answer_settings(service.settings.answer),
        details=body.details(),
    )
    return QueryResponse.of(answer)
