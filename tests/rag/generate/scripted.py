"""A language model that says what a test gives it, for contracts that must be exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.types import Delta, Finish, Usage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from rag.types import Message, Sampling


class ScriptedModel:
    """Gives one of its `answers` a call, in order, in pieces of `width` characters.

    A token is a word. `asked` keeps what it was sent, `closed_early` how many answers were
    not read to their end.
    """

    name = "scripted"

    def __init__(
        self,
        *answers: str,
        width: int = 5,
        context_tokens: int = 4096,
        finish: Finish = Finish.STOP,
    ):
        self._answers = list(answers)
        self._width = width
        self._finish = finish
        self.context_tokens = context_tokens
        self.asked: list[tuple[tuple[Message, ...], Sampling]] = []
        self.given = ""
        self.closed_early = 0

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        self.asked.append((tuple(messages), sampling))
        answer = self._answers.pop(0)
        finished = False
        try:
            for start in range(0, len(answer), self._width):
                piece = answer[start : start + self._width]
                self.given += piece
                yield Delta(piece)
            prompt = sum(self.count_tokens(message.content) for message in messages)
            finished = True
            yield Delta("", Usage(prompt, self.count_tokens(answer)), self._finish)
        finally:
            self.closed_early += not finished

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        pass
