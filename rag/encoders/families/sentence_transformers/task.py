"""How a model run by sentence-transformers reads questions, and how passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a model without a limit of its own reads at once (it has no attention to pay for).
UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """How texts of one side are read.

    `name` is the route that sentence-transformers takes in models with two; `prompt` is put
    before each text; `special` tokens are added to it; `limit` counts everything.
    """

    name: str
    prompt: str
    special: int
    limit: int


@dataclass(frozen=True, slots=True)
class PromptedText:
    """A text and its tokens, with prompt and special tokens: how many there are, and are read."""

    text: str
    count: int
    read: int

    def __len__(self) -> int:
        return self.read

    @property
    def truncated(self) -> bool:
        """Whether the model's limit cut the text."""
        return self.count > self.read


def question_task(model: Any, max_tokens: int | None) -> Task:
    """As sentence-transformers' `encode_query` reads; `max_tokens` may lower the limit."""
    return _task(model, "query", ("query",), max_tokens)


def passage_task(model: Any, max_tokens: int | None) -> Task:
    """As sentence-transformers' `encode_document` reads, but with a prompt it passes over.

    It adds an empty prompt "document" to every model, and then prefers that to the "passage"
    or "corpus" that the model was trained with: here the first that says something is taken.
    """
    return _task(model, "document", ("document", "passage", "corpus"), max_tokens)


def _task(model: Any, name: str, prompts: Sequence[str], max_tokens: int | None) -> Task:
    prompt = next((model.prompts[key] for key in prompts if model.prompts.get(key)), "")
    empty = model.preprocess([""], prompt=None, task=name)["input_ids"]
    return Task(name, prompt, empty.numel(), _limit(_input_module(model, name), max_tokens))


def _input_module(model: Any, task: str) -> Any:
    """The module that reads texts: in a model with a route for each side, that route's first."""
    routes = getattr(model[0], "sub_modules", {})
    return routes[task][0] if task in routes else model[0]


def _limit(module: Any, max_tokens: int | None) -> int:
    """The module's limit, lowered to what was asked for."""
    own = getattr(module, "max_seq_length", None) or UNLIMITED
    if own >= UNLIMITED:
        return UNLIMITED
    if max_tokens and max_tokens < own:
        module.max_seq_length = max_tokens
        return max_tokens
    return int(own)
