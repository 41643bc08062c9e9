"""A conversation as OpenAI's clients send it.

The form is that of platform.openai.com/docs/api-reference/chat.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
)

from api.schemas import LONGEST_QUESTION
from api.text import Text
from rag.types import Message, Role

MOST_MESSAGES = 1000
MOST_PARTS = 100
SPOKEN = {"user": Role.USER, "assistant": Role.ASSISTANT}
INSTRUCTIONS_NOTICE = (
    "System messages were not followed: answers are made from passages by the server's prompt."
)

Content: TypeAlias = Annotated[Text, Field(max_length=LONGEST_QUESTION)]


def require_false(value: bool) -> bool:
    """False itself. Raises: ValueError when it is true."""
    if value:
        raise ValueError("This server has none; leave it out")
    return value


No: TypeAlias = Annotated[
    bool, AfterValidator(require_false), WithJsonSchema({"type": "boolean", "const": False})
]


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(strict=True)

    type: Literal["text"]
    text: Content


class ChatMessage(BaseModel):
    """One message.

    Unknown fields are let pass: clients send an answer back with all that came with it.
    """

    model_config = ConfigDict(strict=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: Content | Annotated[list[TextPart], Field(max_length=MOST_PARTS)] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""

    @property
    def spoken(self) -> bool:
        """It is a person's or the model's, and no instruction."""
        return self.role in SPOKEN


class StreamOptions(BaseModel):
    """What a stream carries."""

    model_config = ConfigDict(extra="forbid", strict=True)

    include_usage: bool = Field(default=False, description="a last chunk with the tokens used")
    include_obfuscation: bool = Field(default=False, description="taken, not used")


class ResponseFormat(BaseModel):
    """Answers are text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["text"]


class Tuning(BaseModel):
    """What is taken, so that clients work that always send it, and not used.

    How answers are made is for the server's settings to say.
    """

    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    metadata: dict[str, Any] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None


class ChatRequest(Tuning):
    """A conversation whose last message is the question."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "model": "trident",
                    "messages": [{"role": "user", "content": "What does the with statement do?"}],
                }
            ]
        },
    )

    model: Text = Field(description="trident, or trident/COLLECTION")
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=MOST_MESSAGES,
        description="the last is the question, those before it are the conversation",
    )
    stream: bool | None = Field(default=None, description="answer with chunks")
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, ge=1, le=1, description="there is one answer")
    logprobs: No | None = Field(default=None, description="there are none")
    response_format: ResponseFormat | None = None

    @field_validator("messages")
    @classmethod
    def _ends_with_a_question(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        spoken = [message for message in messages if message.spoken]
        if not spoken or spoken[-1].role != "user":
            raise ValueError("The last message must be the user's: it is the question")
        return messages

    @property
    def question(self) -> str:
        """What the user said last."""
        return self._spoken()[-1].content

    @property
    def history(self) -> list[Message]:
        """The conversation before it, without instructions."""
        return self._spoken()[:-1]

    @property
    def with_usage(self) -> bool:
        """A stream is to end with the tokens used."""
        return self.stream_options is not None and self.stream_options.include_usage

    def notices(self) -> list[str]:
        """What was sent and is not used."""
        unused = [name for name in Tuning.model_fields if getattr(self, name) is not None]
        instructed = any(not message.spoken for message in self.messages)
        return [
            *([INSTRUCTIONS_NOTICE] if instructed else []),
            *([f"Not used: {', '.join(unused)}; the server's settings decide."] if unused else []),
        ]

    def _spoken(self) -> list[Message]:
        return [Message(SPOKEN[each.role], each.text) for each in self.messages if each.spoken]
