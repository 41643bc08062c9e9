"""POST /v1/query: an answer with citations."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Service
from api.problems import documented
from api.schemas import QueryRequest, QueryResponse

router = APIRouter(prefix="/v1", tags=["answers"])


# A plain function: FastAPI runs it in a thread, so that the event loop is never blocked.
@router.post("/query", responses=documented(400, 404, 409, 413, 415, 422, 500, 502, 503, 504))
def query(body: QueryRequest, service: Service) -> QueryResponse:
    """Answer a question from a collection, every sentence with its source."""
    answer = service.ask(
        body.question,
        collection=body.collection,
        where=body.filter(),
        options=body.options(service.settings.search),
        answer=body.answer_settings(service.settings.answer),
        details=body.details(),
    )
    return QueryResponse.of(answer)
