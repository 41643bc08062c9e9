"""How many passages fit into a model's context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.generate.sent import sent_passages, written
from rag.types import PassageOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.generate.prompt import Prompt
    from rag.types import LanguageModel, Passage

# Of a chat template: role markers around each message, and the opening of the answer.
TEMPLATE_TOKENS = 64


def fitting(
    passages: Sequence[Passage], prompt: Prompt, question: str, model: LanguageModel, answer: int
) -> tuple[Passage, ...]:
    """The passages that fit, best first, each whole; `answer` tokens are kept for the answer.

    Raises: InputError when the question leaves no room for any.
    """
    fixed = prompt.messages(passages="", question=question)
    used = TEMPLATE_TOKENS + sum(model.count_tokens(message.content) for message in fixed)
    room = model.context_tokens - answer - used
    kept: list[Passage] = []
    for passage in passages:
        cost = model.count_tokens(_alone(passage))
        if cost <= room:
            kept.append(passage)
            room -= cost
    if passages and not kept:
        raise InputError(
            f"No passage fits into the {model.context_tokens} tokens of {model.name} beside the "
            f"question and {answer} tokens of answer; shorten the question, lower "
            "generator.max_tokens, or raise generator.context_tokens if the model allows it."
        )
    return tuple(kept)


def _alone(passage: Passage) -> str:
    return written(sent_passages([passage], PassageOrder.BEST_FIRST)) + "\n\n"
