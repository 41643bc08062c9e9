"""Who asks no model, but gives what a test says, and keeps what it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Sampling


class ScriptedAsker:
    """Gives its `answers` one after another; an exception among them is raised."""

    def __init__(self, *answers: str | Exception):
        self._answers = list(answers)
        self.asked: list[tuple[str, Sampling, dict[str, str]]] = []

    def ask(self, prompt: str, sampling: Sampling, **quoted: str) -> str:
        self.asked.append((prompt, sampling, quoted))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
