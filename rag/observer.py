"""Who is told of every search, answer and check: nobody, unless a door asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.types import Answer, Grounding, SearchResult


class Observer(Protocol):
    """Told in the thread that did the work, when it is done. Must be quick and never raise."""

    def searched(self, result: SearchResult) -> None:
        """Passages were found, for an answer or for themselves."""
        ...

    def answered(self, answer: Answer) -> None:
        """An answer is complete, checks and corrections included."""
        ...

    def grounded(self, grounding: Grounding) -> None:
        """An answer from elsewhere was checked."""
        ...


class Unobserved:
    """Tells nobody."""

    def searched(self, result: SearchResult) -> None:
        """Nothing."""

    def answered(self, answer: Answer) -> None:
        """Nothing."""

    def grounded(self, grounding: Grounding) -> None:
        """Nothing."""
