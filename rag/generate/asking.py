"""A language model asked from the packaged prompts, with everything that is quoted escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.generate.escape import escape
from rag.generate.prompt import Prompt

if TYPE_CHECKING:
    from rag.types import LanguageModel, Sampling


@dataclass(frozen=True, slots=True)
class PromptedModel:
    """What the checkers in `rag.ground` ask. Safe to call from several threads."""

    model: LanguageModel

    def ask(self, prompt: str, sampling: Sampling, **quoted: str) -> str:
        """The model's text for a prompt by name.

        Raises: GenerationError, GenerationTimeoutError.
        """
        escaped = {name: escape(text) for name, text in quoted.items()}
        messages = Prompt.load(prompt).messages(**escaped)
        return "".join(delta.text for delta in self.model.stream(messages, sampling))


def prompted(model: LanguageModel | None) -> PromptedModel:
    """The model for checkers. Raises: SettingsError where there is none."""
    if model is None:
        raise SettingsError(
            "The checkers judge, consistency and qa need a language model; set generator.model to "
            "local or to provider:model, or take them out of ground.checkers."
        )
    return PromptedModel(model)
