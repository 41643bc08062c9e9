"""POST /v1/chat/completions: checked answers for OpenAI's clients, whole or in chunks."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request

from api.deps import Reader, Service, Worker
from api.openai.chat_request import ChatRequest
from api.openai.chunk import chunk_frames, documented_chunks
from api.openai.completion import Completion, Head
from api.openai.errors import documented
from api.openai.model_names import require_collection
from api.sse import EventStream, begun
from rag.generate.answering import last_answer

if TYPE_CHECKING:
    from collections.abc import Generator

    from api.auth.caller import Caller
    from rag.service import Rag
    from rag.types import AnswerEvent

router = APIRouter(prefix="/v1", tags=["openai"])
PROBLEMS = documented(400, 401, 403, 404, 409, 413, 500, 502, 503, 504)
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer; with `stream`, its chunks", "content": documented_chunks()}
}


@router.post("/chat/completions", response_model=Completion, responses=ANSWERS | PROBLEMS)
async def chat_completions(
    body: ChatRequest, request: Request, caller: Reader, service: Service, work: Worker
) -> Completion | EventStream:
    """Answer the last message from the collection that the model names.

    The content has citation marks such as [1]. What they stand for, a verdict for each sentence
    and the search are in `trident`, a field of the message, or of the last delta of a stream.
    """
    made = f"chatcmpl-{request.scope['request_id']}"
    head = Head(made, int(time.time()), body.model, body.notices())
    ask = partial(_events, body, service, caller)
    if body.stream:
        events = await begun(work.stream(ask))
        return EventStream(chunk_frames(request, events, head, body.with_usage))
    return Completion.of(await work.run(lambda: last_answer(ask())), head)


def _events(body: ChatRequest, service: Rag, caller: Caller) -> Generator[AnswerEvent]:
    collection = require_collection(body.model, service, caller)
    return service.ask_stream(body.question, collection=collection, history=body.history)
