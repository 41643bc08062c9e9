"""A language model that errs where it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.types import Delta, Finish, Usage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from rag.types import Message, Sampling

SAMPLED = 0.5  # temperature from which on it offers something else each time


class ScriptedWriter:
    """Writes `draft` first; sampled, it gives what is `offered` in turn, and then `rest`."""

    name = "scripted"
    context_tokens = 32_768

    def __init__(self, draft: str, offered: Sequence[str], rest: str):
        self._draft = draft
        self._offered = list(offered)
        self._rest = rest
        self._calls = 0
        self._samples = 0

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        """One piece and the end."""
        said = self._next((sampling.temperature or 0.0) >= SAMPLED)
        read = sum(self.count_tokens(message.content) for message in messages)
        yield Delta(said)
        yield Delta("", Usage(read, self.count_tokens(said)), Finish.STOP)

    def count_tokens(self, text: str) -> int:
        """A word is a token."""
        return len(text.split())

    def close(self) -> None:
        """There is nothing to release."""

    def _next(self, sampled: bool) -> str:
        if sampled:
            self._samples += 1
            return self._offered[(self._samples - 1) % len(self._offered)]
        self._calls += 1
        return self._draft if self._calls == 1 else self._rest
