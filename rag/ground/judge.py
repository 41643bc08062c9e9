"""A language model that is asked whether the evidence supports a claim.

As in "Judging LLM-as-a-Judge" (Zheng et al. 2023, arXiv:2306.05685), with a closed set of
verdicts. It is asked about doubtful claims only, and an answer that cannot be read is an error.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from rag.ground.checker import needed_asker
from rag.ground.each import check_each
from rag.ground.structured import Structured, ask_structured
from rag.types import Check, CheckerCost, CheckerFamily

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.ground.checker import CheckCase, CheckerTools


class Judgement(StrEnum):
    """What a judge may say."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_STATED = "not_stated"


class Judged(Structured):
    """A judge's answer."""

    verdict: Judgement
    reason: str


# No model is certain: its word is one opinion beside those of the other checkers.
SCORES: Mapping[Judgement, float] = {
    Judgement.SUPPORTED: 0.95,
    Judgement.NOT_STATED: 0.05,
    Judgement.CONTRADICTED: 0.02,
}


class JudgeChecker:
    """One call of the model a claim, two where the first answer cannot be read."""

    name = "judge"
    family = CheckerFamily.PROMPTING
    cost = CheckerCost.LANGUAGE_MODEL

    def __init__(self, tools: CheckerTools):
        self._asker = needed_asker(tools, self.name)

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Have each claim judged."""
        return check_each(self, cases, self._check)

    def _check(self, case: CheckCase) -> Check:
        judged = ask_structured(
            self._asker, "judge", Judged, evidence=case.quotes, claim=case.claim.text
        )
        return Check(
            checker=self.name,
            family=self.family,
            score=SCORES[judged.verdict],
            contradicts=judged.verdict is Judgement.CONTRADICTED,
        )
