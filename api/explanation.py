"""Why a passage was found, as it goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from rag.types import Leg

if TYPE_CHECKING:
    from rag.types import Explanation


class SpanOut(BaseModel):
    """Characters of a text; [0, 0] and no text: a token such as [CLS] that stands for none."""

    model_config = ConfigDict(from_attributes=True)

    start: int
    end: int
    text: str


class TokenMatchOut(BaseModel):
    """A question token and the passage's token that it matches best."""

    model_config = ConfigDict(from_attributes=True)

    question: SpanOut = Field(description="in the question")
    passage: SpanOut = Field(description="in the passage's text, or in its title")
    in_title: bool
    score: float = Field(description="dot product; these add up to MaxSim")


class LegScoreOut(BaseModel):
    """What one leg says of a passage; nulls: it is outside the leg's candidates."""

    model_config = ConfigDict(from_attributes=True)

    rank: int | None = Field(description="from 1")
    score: float | None = Field(description="on the leg's own scale")
    share: float = Field(description="the leg's part of the fused score, 0 to 1")


class ExplanationOut(BaseModel):
    """Why a passage was found, and what of it matched."""

    model_config = ConfigDict(from_attributes=True)

    legs: dict[Leg, LegScoreOut]
    fused: float | None = Field(
        description="the legs' joint score, no relevance; null where there was one leg"
    )
    maxsim: float | None = Field(description="sum over the tokens, computed anew from the text")
    tokens: list[TokenMatchOut]


def explanation_out(found: Explanation | None) -> ExplanationOut | None:
    """From the service's explanation, where there is one."""
    return None if found is None else ExplanationOut.model_validate(found)
