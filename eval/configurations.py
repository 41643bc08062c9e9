"""The ways to retrieve that a sweep compares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Iterable


class Ordering(StrEnum):
    """What orders the candidates.

    NONE leaves the order of the legs, fused when there are several; TENSOR replaces it by
    MaxSim. TENSOR_FUSE is an experiment outside the engine: reciprocal rank fusion of both.
    """

    NONE = "none"
    TENSOR = "tensor"
    TENSOR_FUSE = "tensor+fuse"


# The searches that an ordering is made from.
SEARCHES: dict[Ordering, tuple[Rerank, ...]] = {
    Ordering.NONE: (Rerank.NONE,),
    Ordering.TENSOR: (Rerank.TENSOR,),
    Ordering.TENSOR_FUSE: (Rerank.NONE, Rerank.TENSOR),
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Legs, ordering, and how many candidates each leg gives and the ordering sees."""

    legs: tuple[Leg, ...]
    ordering: Ordering
    candidates: int

    @property
    def name(self) -> str:
        """Fit for a file name and for the tag of a TREC run."""
        return f"{'+'.join(self.legs)}_{self.ordering}_{self.candidates}"

    @property
    def searches(self) -> tuple[Rerank, ...]:
        """The engine's queries that it takes, by their rerank."""
        return SEARCHES[self.ordering]

    @property
    def experimental(self) -> bool:
        """Made here from several searches, not by the engine in one."""
        return len(self.searches) > 1


@dataclass(frozen=True, slots=True)
class Family:
    """The configurations that share legs and candidates, and so their searches."""

    legs: tuple[Leg, ...]
    candidates: int

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """One for each ordering."""
        return tuple(Configuration(self.legs, ordering, self.candidates) for ordering in Ordering)


def families(candidates: Iterable[int]) -> list[Family]:
    """Every non-empty set of legs with each number of candidates."""
    subsets = [legs for size in range(1, len(Leg) + 1) for legs in combinations(Leg, size)]
    return [Family(legs, number) for number in candidates for legs in subsets]
