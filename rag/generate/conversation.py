"""Earlier messages, and the question that they are folded into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.generate.escape import escape_line
from rag.types import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Message

# Of each earlier message: enough to know what it is about.
LONGEST_MESSAGE = 1000


def recent(history: Sequence[Message], limit: int) -> tuple[Message, ...]:
    """The last `limit` messages of people and model; instructions are nobody's to give here."""
    said = [message for message in history if message.role is not Role.SYSTEM]
    return tuple(said[len(said) - min(limit, len(said)) :])


def transcript(history: Sequence[Message]) -> str:
    """The conversation for a prompt, a line a message, each cut to LONGEST_MESSAGE characters."""
    return "\n".join(
        f"{message.role}: {escape_line(message.content[:LONGEST_MESSAGE])}" for message in history
    )


def last_question(history: Sequence[Message]) -> str:
    """What the user said last, cut to LONGEST_MESSAGE characters; "" where that is nothing."""
    asked = (message.content for message in reversed(history) if message.role is Role.USER)
    return next(asked, "")[:LONGEST_MESSAGE].strip()
