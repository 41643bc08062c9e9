"""How many passages fit into a model's context, and how much of what is around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.generate.escape import escape
from rag.generate.sent import sent_passages, written
from rag.types import PassageOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.generate.neighbours import Around
    from rag.generate.prompt import Prompt
    from rag.types import Chunk, LanguageModel, Passage

# Of a chat template: role markers around each message, and the opening of the answer.
TEMPLATE_TOKENS = 64


@dataclass(slots=True)
class Room:
    """Tokens of a model's context that are left for passages, when `answer` are kept."""

    model: LanguageModel
    answer: int
    left: int

    def take(self, text: str) -> bool:
        """Take room for a text, if it is there."""
        cost = self.model.count_tokens(text)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def room_for_passages(prompt: Prompt, question: str, model: LanguageModel, answer: int) -> Room:
    """What prompt, question and `answer` tokens of answer leave."""
    fixed = prompt.messages(passages="", question=question)
    used = TEMPLATE_TOKENS + sum(model.count_tokens(message.content) for message in fixed)
    return Room(model, answer, model.context_tokens - answer - used)


def fitting(passages: Sequence[Passage], room: Room) -> tuple[Passage, ...]:
    """The passages that fit, best first, each whole.

    Raises: InputError when there is no room for any.
    """
    kept = tuple(passage for passage in passages if room.take(_alone(passage)))
    if passages and not kept:
        raise InputError(
            f"No passage fits into the {room.model.context_tokens} tokens of {room.model.name} "
            f"beside the question and {room.answer} tokens of answer; shorten the question, lower "
            "generator.max_tokens, or raise generator.context_tokens if the model allows it."
        )
    return kept


def fitting_around(passages: Sequence[Passage], around: Around, room: Room) -> Around:
    """The neighbours for which there still is room, of the best passages first."""
    given = ((passage.chunk, around.get(passage.chunk.id, ())) for passage in passages)
    return {chunk.id: run for chunk, run in given if run and room.take(_beside(chunk, run))}


def _alone(passage: Passage) -> str:
    return written(sent_passages([passage], PassageOrder.BEST_FIRST)) + "\n\n"


def _beside(chunk: Chunk, run: Sequence[Chunk]) -> str:
    """What a run adds to its passage, or more: neighbours may overlap."""
    return "".join(f"\n\n{escape(other.text)}" for other in run if other.id != chunk.id)
