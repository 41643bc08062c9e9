"""The ways to retrieve that a sweep compares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rag.types import Fusion, Leg, Normalization, Rerank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RECALL_LEGS = (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT)
# Those that need no other model than the collection's.
RERANKS = (Rerank.NONE, Rerank.TENSOR, Rerank.TENSOR_FUSE)


class Variant(StrEnum):
    """What differs from plain reciprocal rank fusion and equal shares; fit for a file name."""

    PLAIN = "plain"
    MINMAX = "minmax"
    ATAN = "atan"
    DENSE_TWICE = "dense2"
    SPARSE_TWICE = "sparse2"
    FULLTEXT_TWICE = "fulltext2"
    MAXSIM_QUARTER = "maxsim25"
    MAXSIM_MOST = "maxsim75"


# As changes of the search settings.
CHANGES: Mapping[Variant, Mapping[str, Any]] = {
    Variant.PLAIN: {},
    Variant.MINMAX: {
        "fusion": Fusion.WEIGHTED_SUM,
        "normalization": Normalization.MINMAX,
    },
    Variant.ATAN: {"fusion": Fusion.WEIGHTED_SUM, "normalization": Normalization.ATAN},
    Variant.DENSE_TWICE: {"weights": {Leg.DENSE: 2.0}},
    Variant.SPARSE_TWICE: {"weights": {Leg.SPARSE: 2.0}},
    Variant.FULLTEXT_TWICE: {"weights": {Leg.FULLTEXT: 2.0}},
    Variant.MAXSIM_QUARTER: {"tensor_weight": 0.25},
    Variant.MAXSIM_MOST: {"tensor_weight": 0.75},
}
FUSIONS = (
    Variant.MINMAX,
    Variant.ATAN,
    Variant.DENSE_TWICE,
    Variant.SPARSE_TWICE,
    Variant.FULLTEXT_TWICE,
)
SHARES = (Variant.MAXSIM_QUARTER, Variant.MAXSIM_MOST)
# What is not in here is as `Variant.PLAIN` says, whatever the settings are.
PLAIN: Mapping[str, Any] = {
    "fusion": Fusion.RRF,
    "weights": {},
    "tensor_weight": 0.5,
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Legs, how they are fused, what reorders them, and how many candidates each gives."""

    legs: tuple[Leg, ...]
    rerank: Rerank
    candidates: int
    variant: Variant = Variant.PLAIN

    @property
    def name(self) -> str:
        """Fit for a file name and for the tag of a TREC run."""
        variant = "" if self.variant is Variant.PLAIN else f"_{self.variant}"
        return f"{'+'.join(self.legs)}{variant}_{self.rerank}_{self.candidates}"

    @property
    def changes(self) -> dict[str, Any]:
        """The search settings that it fixes.

        All candidates are asked for: measures look deeper than the passages a person reads.
        """
        return {
            **PLAIN,
            **CHANGES[self.variant],
            "legs": self.legs,
            "rerank": self.rerank,
            "candidates": self.candidates,
            "top_k": self.candidates,
        }


@dataclass(frozen=True, slots=True)
class Family:
    """Configurations whose searches take turns, so that their times can be compared."""

    configurations: tuple[Configuration, ...]


def families(candidates: Sequence[int]) -> list[Family]:
    """Every set of recall legs with every rerank and number of candidates.

    And, with the fewest candidates: the tensor leg alone and beside all others, other
    fusions of all recall legs, and other shares of the MaxSim rank.
    """
    subsets = [
        legs for size in range(1, len(RECALL_LEGS) + 1) for legs in combinations(RECALL_LEGS, size)
    ]
    fewest = min(candidates)
    return [
        *(_family(legs, RERANKS, number) for number in candidates for legs in subsets),
        _family((Leg.TENSOR,), (Rerank.NONE,), fewest),
        _family((*RECALL_LEGS, Leg.TENSOR), RERANKS, fewest),
        *(_family(RECALL_LEGS, RERANKS, fewest, variant) for variant in FUSIONS),
        *(_family(RECALL_LEGS, (Rerank.TENSOR_FUSE,), fewest, variant) for variant in SHARES),
    ]


def _family(
    legs: tuple[Leg, ...],
    reranks: Iterable[Rerank],
    candidates: int,
    variant: Variant = Variant.PLAIN,
) -> Family:
    return Family(tuple(Configuration(legs, rerank, candidates, variant) for rerank in reranks))
