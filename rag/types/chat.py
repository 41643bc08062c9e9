"""What goes into a language model and comes out of it, whoever runs it.

The protocol is here, below everything that asks a model (answers, checkers), so that any
part can be given one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


class Role(StrEnum):
    """Who says a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, in the model's own tokens. They add up over calls.

    `estimated`: the model did not say, so they were counted from the text.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: Self) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next tokens are chosen; `temperature` 0 takes the likeliest, None is
    the model's own.

    A model that knows no `seed` ignores it. `stop` ends the text and is not part of it.
    """

    temperature: float | None
    max_tokens: int
    stop: tuple[str, ...] = ()
    seed: int | None = None


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"  # max_tokens or the context was used up
    FILTERED = "filtered"  # the provider refused or cut it


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of text as it arrives. The last one may be empty, and has usage and finish."""

    text: str
    usage: Usage | None = None
    finish: Finish | None = None


class LanguageModel(Protocol):
    """A chat model. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """As the settings name it; never with a key."""
        ...

    @property
    def context_tokens(self) -> int:
        """Most tokens of prompt and answer together."""
        ...

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        """Text as the model writes it. Closing the iterator stops the model.

        Exactly the last delta has usage and finish. What is tried again after a failure is
        tried before the first delta only: nothing that was given is taken back.

        Raises: GenerationError, or GenerationTimeoutError when the model is silent too long.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without those of a chat template; an estimate errs on the high side."""
        ...

    def close(self) -> None:
        """Release the model; idempotent."""
        ...
