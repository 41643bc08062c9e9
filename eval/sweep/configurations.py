"""The ways to retrieve that a sweep compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rag.types import Fusion, Leg, Normalization, Rerank

if TYPE_CHECKING:
    from collections.abc import Mapping

RECALL_LEGS = (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT)
# Those that need no other model than the collection's.
RERANKS = (Rerank.NONE, Rerank.TENSOR, Rerank.TENSOR_FUSE)
INDEXED_TENSOR = "emvb"  # the tensor leg's name where it searches by its index


class Variant(StrEnum):
    """How legs are fused, or how their order and MaxSim are joined; fit for a file name."""

    RRF = "rrf"
    MINMAX = "minmax"
    ATAN = "atan"
    DENSE_TWICE = "dense2"
    SPARSE_TWICE = "sparse2"
    FULLTEXT_TWICE = "fulltext2"
    MAXSIM_HALF = "maxsim50"
    MAXSIM_MOST = "maxsim90"
    RANKS = "ranks"


# As changes of the search settings.
CHANGES: Mapping[Variant, Mapping[str, Any]] = {
    Variant.RRF: {},
    Variant.MINMAX: {
        "fusion": Fusion.WEIGHTED_SUM,
        "normalization": Normalization.MINMAX,
    },
    Variant.ATAN: {"fusion": Fusion.WEIGHTED_SUM, "normalization": Normalization.ATAN},
    Variant.DENSE_TWICE: {"weights": {Leg.DENSE: 2.0}},
    Variant.SPARSE_TWICE: {"weights": {Leg.SPARSE: 2.0}},
    Variant.FULLTEXT_TWICE: {"weights": {Leg.FULLTEXT: 2.0}},
    Variant.MAXSIM_HALF: {"tensor_weight": 0.5},
    Variant.MAXSIM_MOST: {"tensor_weight": 0.9},
    Variant.RANKS: {"tensor_fusion": Fusion.RRF, "tensor_weight": 0.5},
}
# Ways to join first stage and MaxSim in tensor+fuse.
SHARES = (Variant.MAXSIM_HALF, Variant.MAXSIM_MOST, Variant.RANKS)
# What is not in here is as `Variant.RRF` says, whatever the settings are.
PLAIN: Mapping[str, Any] = {
    "fusion": Fusion.RRF,
    "weights": {},
    "tensor_fusion": Fusion.WEIGHTED_SUM,
    "tensor_weight": 0.8,
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Legs, how they are fused, what reorders them, and how many candidates each gives.

    `indexed`: the tensor leg searches by its index (EMVB) instead of all rows.
    """

    legs: tuple[Leg, ...]
    rerank: Rerank
    candidates: int
    variant: Variant = Variant.RRF
    indexed: bool = False

    @property
    def name(self) -> str:
        """Fit for a file name and for the tag of a TREC run."""
        fused = f"_{self.variant}" if len(self.legs) > 1 or self.variant in SHARES else ""
        return f"{'+'.join(self.leg_names)}{fused}_{self.rerank}_{self.candidates}"

    @property
    def leg_names(self) -> tuple[str, ...]:
        """The legs, with the way in which the tensor leg searches."""
        tensor = INDEXED_TENSOR if self.indexed else Leg.TENSOR
        return tuple(tensor if leg is Leg.TENSOR else leg for leg in self.legs)

    @property
    def uses_tokens(self) -> bool:
        """It depends on how token vectors are kept."""
        return Leg.TENSOR in self.legs or self.rerank is not Rerank.NONE

    @property
    def single_leg(self) -> bool:
        """One leg in its own order."""
        return len(self.legs) == 1 and self.rerank is Rerank.NONE

    @property
    def first_stage(self) -> Configuration:
        """The same without rerank: what gives it its candidates."""
        fused = Variant.RRF if self.variant in SHARES else self.variant
        return replace(self, rerank=Rerank.NONE, variant=fused)

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
