"""Checked answers as they go over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from api.text import Text
from rag.types import CheckerFamily, HallucinationKind, VerdictLabel

if TYPE_CHECKING:
    from rag.types import Grounding

LONGEST_TEXT = 200_000
MOST_PASSAGES = 100


class GroundRequest(BaseModel):
    """An answer from anywhere, and the passages that it was made from."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "answer": "Mount Etna erupted again in 1669.",
                    "context": ["Mount Etna is a volcano. It erupted again in 2021."],
                }
            ]
        },
    )

    answer: Text = Field(max_length=LONGEST_TEXT)
    context: list[Annotated[Text, Field(max_length=LONGEST_TEXT)]] = Field(
        max_length=MOST_PASSAGES, description="the passages in the order in which they were sent"
    )
    question: Text = Field(
        default="", max_length=LONGEST_TEXT, description="what the answer answers, if known"
    )


class ClaimOut(BaseModel):
    """A sentence of the answer."""

    model_config = ConfigDict(from_attributes=True)

    start: int = Field(description="first character in the answer")
    end: int = Field(description="the character after its last")
    text: str = Field(description="with spaces where the answer has citation marks")
    checkable: bool
    citations: list[int]


class EvidenceOut(BaseModel):
    """A place in a passage that the claim was held against."""

    model_config = ConfigDict(from_attributes=True)

    passage: int = Field(description="from 1, in the order in which the passages were sent")
    chunk_id: str
    doc_id: str
    start: int = Field(description="first character of the quote in its document")
    end: int = Field(description="the character after its last")
    quote: str
    score: float = Field(description="mean MaxSim of a token of the claim")


class UnsupportedOut(BaseModel):
    """Characters of the answer that the evidence does not support."""

    model_config = ConfigDict(from_attributes=True)

    start: int
    end: int
    text: str
    reason: str


class CheckOut(BaseModel):
    """What one checker says of the claim."""

    model_config = ConfigDict(from_attributes=True)

    checker: str
    family: CheckerFamily
    score: float | None = Field(description="0 to 1; null where it failed or has nothing to say")
    contradicts: bool
    error: str | None


class VerdictOut(BaseModel):
    """What all checkers together say of a claim."""

    model_config = ConfigDict(from_attributes=True)

    claim: ClaimOut
    label: VerdictLabel
    score: float | None = Field(description="probability of support; null: not checked")
    kind: HallucinationKind | None
    evidence: list[EvidenceOut] = Field(description="best first")
    checks: list[CheckOut]
    unsupported: list[UnsupportedOut]


class GroundingOut(BaseModel):
    """An answer checked, sentence by sentence."""

    model_config = ConfigDict(from_attributes=True)

    answer: str
    grounded: bool | None = Field(description="every claim is supported; null: undecided")
    score: float | None = Field(description="of the weakest claim")
    verdicts: list[VerdictOut]
    notices: list[str]
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, grounding: Grounding) -> Self:
        """From the service's grounding."""
        return cls.model_validate(grounding)


class CorrectionOut(BaseModel):
    """What the policy changed of an answer; no `after`: it was left out."""

    model_config = ConfigDict(from_attributes=True)

    before: str
    after: str
    why: str
