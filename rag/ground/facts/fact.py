"""What is said of a thing that can be looked up: a fact of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


class Fact(Protocol):
    """A number, a date, a name or a quotation, at a place in a claim."""

    @property
    def place(self) -> Place:
        """Where it is in the claim."""
        ...

    def is_in(self, evidence: str) -> bool:
        """Whether the evidence says the same, in whatever spelling."""
        ...

    def has_rival_in(self, evidence: str) -> bool:
        """Whether the evidence has a fact of the same kind, which may say otherwise."""
        ...
