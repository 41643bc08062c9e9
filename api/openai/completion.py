"""Answers as OpenAI's clients expect them, whole.

The form is that of platform.openai.com/docs/api-reference/chat/object. What it has no place
for is in the message's field `trident`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, Field

from api.grounding import CorrectionOut, GroundingOut
from api.schemas import CitationOut, QueryResponse, SearchResponse

if TYPE_CHECKING:
    from rag.types import Answer, Usage


@dataclass(frozen=True, slots=True)
class Head:
    """What a whole answer and each of its chunks begin with, and what to tell of the request."""

    id: str
    created: int
    model: str
    notices: list[str]


class TridentOut(BaseModel):
    """What makes an answer checkable."""

    citations: list[CitationOut] = Field(description="what [1] in the content stands for")
    grounding: GroundingOut | None = Field(description="a verdict for each sentence")
    corrections: list[CorrectionOut] = Field(description="what the policy changed")
    search: SearchResponse
    notices: list[str] = Field(description="what was sent and not used, and what was dropped")

    @classmethod
    def of(cls, answer: Answer, head: Head) -> Self:
        """From the service's answer."""
        found = QueryResponse.of(answer)
        return cls(
            citations=found.citations,
            grounding=found.grounding,
            corrections=found.corrections,
            search=found.search,
            notices=[*head.notices, *found.notices],
        )


class AssistantMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="the sentences with their citation marks")
    refusal: None = None
    trident: TridentOut


class Choice(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: AssistantMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsedTokens(BaseModel):
    """Tokens of the language model; none where the answer is extracted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, usage: Usage | None) -> Self:
        """From the service's usage."""
        read, written = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
        return cls(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class Completion(BaseModel):
    """An answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="seconds since 1970")
    model: str
    choices: list[Choice]
    usage: UsedTokens

    @classmethod
    def of(cls, answer: Answer, head: Head) -> Self:
        """From the service's answer."""
        message = AssistantMessage(content=answer.text, trident=TridentOut.of(answer, head))
        return cls(
            id=head.id,
            created=head.created,
            model=head.model,
            choices=[Choice(message=message)],
            usage=UsedTokens.of(answer.usage),
        )
