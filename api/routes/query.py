"""POST /v1/query: an answer with citations, whole or as it is written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from api.answers import CACHE_HEADER, CachedAnswers
from api.deps import Reader, Service, Worker
from api.events import documented_stream, frames
from api.problems import documented
from api.schemas import QueryRequest, QueryResponse
from api.sse import EventStream, begun

if TYPE_CHECKING:
    from api.auth.caller import Caller
    from rag.service import Rag

router = APIRouter(prefix="/v1", tags=["answers"])


PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504)
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        **CACHE_HEADER[200],
        "description": "The answer; with `stream`, its events",
        "content": documented_stream(),
    }
}


@router.post("/query", response_model=QueryResponse, responses=ANSWERS | PROBLEMS)
async def query(
    body: QueryRequest,
    request: Request,
    caller: Reader,
    service: Service,
    work: Worker,
    answers: CachedAnswers,
) -> Response:
    """Answer a question from a collection, every sentence with its source.

    With `stream` the answer comes as server-sent events: `retrieval`, then `token` and
    `citation` as the model writes, `usage` where a model was asked, `grounding`, and `done`
    with the whole answer; `error` with a problem ends a stream that failed.
    """
    asked = _asked(body, caller, service)
    if body.stream:
        events = await begun(work.stream(partial(service.ask_stream, body.question, **asked)))
        return EventStream(frames(request, events))
    ask = partial(service.ask, body.question, **asked)
    return await answers.respond(
        asked["collection"],
        body,
        lambda: QueryResponse.of(ask()),
        keep=service.deterministic,
    )


def _asked(body: QueryRequest, caller: Caller, service: Rag) -> dict[str, Any]:
    return {
        "collection": caller.check(body.collection or service.settings.collection),
        "where": body.filter(),
        "options": body.options(service.settings.search),
        "answer": body.answer_settings(service.settings.answer),
        "details": body.details(),
        "history": body.messages(),
    }
