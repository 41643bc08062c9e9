"""How answers are checked."""

from __future__ import annotations

from pydantic import Field, field_validator

from rag.settings.section import Section
from rag.types import GroundPolicy


class GroundSettings(Section):
    """How the claims of an answer are checked against the passages.

    The thresholds of the verdicts come with the weights of the combination, since they are
    calibrated together; those given here take their place.
    """

    policy: GroundPolicy = Field(
        default=GroundPolicy.ANNOTATE,
        description="what happens to claims that are not supported: off checks nothing",
    )
    checkers: tuple[str, ...] = Field(
        default=("alignment", "facts"),
        min_length=1,
        description="what checks each claim: alignment, facts, nli, judge, consistency, qa; "
        "one named twice counts once",
    )
    evidence: int = Field(
        default=3, ge=1, le=20, description="places in the passages that a claim is held against"
    )
    supported: float | None = Field(
        default=None, ge=0, le=1, description="least score of a supported claim"
    )
    partially_supported: float | None = Field(
        default=None, ge=0, le=1, description="least score of a partially supported claim"
    )
    nli: str | None = Field(
        default=None, description="the nli checker's model: a folder, or organisation/name@commit"
    )
    weights: str | None = Field(
        default=None,
        description="JSON file of weights that `trident eval grounding --fit` made; default: ours",
    )

    doubt_from: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="language models check claims whose score by other checkers is this or more",
    )
    doubt_to: float = Field(default=0.8, ge=0, le=1, description="and this or less")
    samples: int = Field(
        default=5, ge=2, le=20, description="answers that the consistency checker samples"
    )
    least_relevance: float = Field(
        default=0.69,
        ge=-1,
        le=1,
        description="policy abstain: least relevance of the best passage, a mean MaxSim; "
        "calibrated for the default models",
    )
    continuations: int = Field(
        default=8, ge=1, le=32, description="policy correct: sentences sampled for a bad one"
    )
    rounds: int = Field(
        default=3, ge=1, le=10, description="policy correct: sentences mended at most"
    )

    @field_validator("checkers")
    @classmethod
    def _once(cls, checkers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(checkers))
