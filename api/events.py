"""The events of an answer as `POST /v1/query` streams them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from api.grounding import GroundingOut
from api.problems import SCHEMA_REF, Problem, describe
from api.schemas import CitationOut, QueryResponse, SearchResponse, UsageOut
from api.sse import frame, told
from rag.types import (
    CitationEvent,
    DoneEvent,
    GroundingEvent,
    RetrievalEvent,
    TokenEvent,
    UsageEvent,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from fastapi import Request

    from rag.types import AnswerEvent

ERROR = "error"


class TokenOut(BaseModel):
    """The next piece of the answer."""

    text: str


OUT: Mapping[str, Callable[[Any], BaseModel]] = {
    RetrievalEvent.event: lambda event: SearchResponse.of(event.search),
    TokenEvent.event: lambda event: TokenOut(text=event.text),
    CitationEvent.event: lambda event: CitationOut.of(event.citation),
    UsageEvent.event: lambda event: UsageOut.model_validate(event.usage),
    GroundingEvent.event: lambda event: GroundingOut.of(event.grounding),
    DoneEvent.event: lambda event: QueryResponse.of(event.answer),
}
MODELS: Mapping[str, type[BaseModel]] = {
    RetrievalEvent.event: SearchResponse,
    TokenEvent.event: TokenOut,
    CitationEvent.event: CitationOut,
    UsageEvent.event: UsageOut,
    GroundingEvent.event: GroundingOut,
    DoneEvent.event: QueryResponse,
    ERROR: Problem,
}


def frames(request: Request, events: AsyncGenerator[AnswerEvent]) -> AsyncGenerator[bytes]:
    """Each event as a frame; whatever goes wrong is the last of them."""
    return told(events, _write, lambda error: frame(describe(request, error), ERROR))


def documented_stream() -> dict[str, Any]:
    """The stream in OpenAPI, in the way of OpenAPI 3.2 (section 4.14.4)."""
    items = [_item(event, SCHEMA_REF.format(model=m.__name__)) for event, m in MODELS.items()]
    return {"text/event-stream": {"itemSchema": {"oneOf": items}}}


def _write(event: AnswerEvent) -> tuple[bytes]:
    return (frame(OUT[event.event](event), event.event),)


def _item(event: str, ref: str) -> dict[str, Any]:
    schema = {"$ref": ref}
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    return {
        "type": "object",
        "properties": {"event": {"const": event}, "data": data},
        "required": ["event", "data"],
    }
