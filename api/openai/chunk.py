"""Answers as OpenAI's clients expect them, in chunks as the model writes.

The form is that of platform.openai.com/docs/api-reference/chat/streaming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from fastapi.sse import format_sse_event
from pydantic import BaseModel
from typing_extensions import TypedDict

from api.openai.completion import TridentOut, UsedTokens
from api.openai.errors import OpenAIErrorResponse
from api.problems import SCHEMA_REF, describe
from api.sse import frame, told
from rag.types import DoneEvent, RetrievalEvent, TokenEvent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from fastapi import Request

    from api.openai.completion import Head
    from rag.types import Answer, AnswerEvent

DONE = format_sse_event(data_str="[DONE]")


class Delta(TypedDict, total=False):
    """What a chunk adds to the message."""

    role: Literal["assistant"]
    content: str
    trident: TridentOut


class ChunkChoice(BaseModel):
    """A piece of the one answer."""

    index: Literal[0] = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None
    logprobs: None = None


class Chunk(BaseModel):
    """A piece of an answer; the one with the usage has no choice."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: UsedTokens | None = None


def chunk_frames(
    request: Request, events: AsyncGenerator[AnswerEvent], head: Head, with_usage: bool
) -> AsyncGenerator[bytes]:
    """All chunks as frames; whatever goes wrong is the last of them."""

    def write(event: AnswerEvent) -> Iterator[bytes]:
        yield from map(frame, chunks(event, head, with_usage))
        if isinstance(event, DoneEvent):
            yield DONE

    return told(
        events, write, lambda error: frame(OpenAIErrorResponse.of(describe(request, error)))
    )


def chunks(event: AnswerEvent, head: Head, with_usage: bool) -> Iterator[Chunk]:
    """The chunks of one event: citations and grounding are in the last one with a choice."""
    match event:
        case RetrievalEvent():
            yield _chunk(head, Delta(role="assistant", content=""))
        case TokenEvent():
            yield _chunk(head, Delta(content=event.text))
        case DoneEvent():
            yield from _last(event.answer, head, with_usage)


def documented_chunks() -> dict[str, Any]:
    """The stream in OpenAPI: chunks, or an error as the last event; without one, [DONE]."""
    models = (Chunk, OpenAIErrorResponse)
    schema = {"anyOf": [{"$ref": SCHEMA_REF.format(model=model.__name__)} for model in models]}
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    item = {"anyOf": [_item(data), _item({"const": "[DONE]"})]}
    return {"text/event-stream": {"itemSchema": item}}


def _item(data: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _last(answer: Answer, head: Head, with_usage: bool) -> Iterator[Chunk]:
    yield _chunk(head, Delta(trident=TridentOut.of(answer, head)), "stop")
    if with_usage:
        yield Chunk(
            id=head.id,
            created=head.created,
            model=head.model,
            choices=[],
            usage=UsedTokens.of(answer.usage),
        )


def _chunk(head: Head, delta: Delta, finish: Literal["stop"] | None = None) -> Chunk:
    choice = ChunkChoice(delta=delta, finish_reason=finish)
    return Chunk(id=head.id, created=head.created, model=head.model, choices=[choice])
