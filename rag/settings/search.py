"""How passages are found."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from rag.settings.section import Section, Weight
from rag.types import Fusion, GroupBy, Leg, Normalization, Rerank
from rerankers.fusion import RANK_CONSTANT


class SearchSettings(Section):
    """How passages are found."""

    legs: tuple[Leg, ...] = Field(
        default=(Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT),
        min_length=1,
        description="what recalls candidates; a leg named twice counts once",
    )
    fusion: Fusion = Field(default=Fusion.RRF, description="how several legs become one ranking")
    rank_constant: int = Field(
        default=RANK_CONSTANT, ge=1, le=65_536, description="k of reciprocal rank fusion"
    )
    weights: dict[Leg, Weight] = Field(
        default={}, description="weight of a leg in the fusion; 1 for a leg that is not named"
    )
    normalization: Normalization = Field(
        default=Normalization.MINMAX, description="of the legs' scores in a weighted sum"
    )
    rerank: Rerank = Field(default=Rerank.TENSOR_FUSE, description="what reorders the candidates")
    tensor_fusion: Fusion = Field(
        default=Fusion.WEIGHTED_SUM,
        description="how tensor+fuse joins first stage and MaxSim: scaled scores, or ranks",
    )
    tensor_weight: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="share of MaxSim in tensor+fuse; the first stage has the rest",
    )
    candidates: int = Field(default=100, ge=10, le=1000, description="per leg, and reranked")
    cross_encoder: str | None = Field(
        default=None, description="a cross-encoder's folder, or organisation/name@commit"
    )
    cross_encoder_candidates: int | None = Field(
        default=None, ge=1, le=1000, description="passages that it re-scores; default: candidates"
    )
    top_k: int = Field(default=10, ge=1, le=1000, description="passages returned")
    unread_by_fulltext: bool = Field(
        default=True,
        description="questions in a script that the models do not read go to the full text alone",
    )
    ef: int = Field(default=200, ge=10, le=10_000, description="HNSW search breadth")
    group_by: GroupBy | None = Field(
        default=None, description="doc_id: each document once, by its best passage"
    )
    inside: int = Field(
        default=3, ge=1, le=100, description="passages shown of a document, where those are ranked"
    )

    @field_validator("legs")
    @classmethod
    def _once(cls, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        return tuple(dict.fromkeys(legs))

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not any(self.weights.get(leg, 1) for leg in self.legs):
            raise ValueError("every leg in use has the weight 0; give one of them more")
        return self
