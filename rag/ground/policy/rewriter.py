"""What a policy asks of whoever wrote an answer: to write it on from a place in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.types import AnswerSentence, Citation, Usage


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """A text with checked citation marks, cut into its sentences."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


class Rewriter(Protocol):
    """Writes an answer anew. Its texts have the marks of the passages as they were sent."""

    @property
    def text(self) -> str:
        """The answer as it was written."""
        ...

    @property
    def usage(self) -> Usage:
        """Tokens spent so far."""
        ...

    def sentences_after(self, before: str, count: int) -> list[str]:
        """So many first sentences of what may follow, sampled at temperature 1.

        Raises: GenerationError, GenerationTimeoutError.
        """
        ...

    def rest_after(self, before: str) -> str:
        """What follows, at temperature 0; "" for nothing. Raises: as `sentences_after`."""
        ...

    def cited(self, text: str) -> CitedAnswer:
        """The text with its citations checked and numbered in order."""
        ...
