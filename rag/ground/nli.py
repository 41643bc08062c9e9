"""A classifier that reads claim and evidence together: HHEM, MiniCheck, any model of NLI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.entailment import load_entailment
from rag.types import Check, CheckerCost, CheckerFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.entailment import Entailment
    from rag.ground.checker import CheckCase, CheckerTools

CONTRADICTED = 0.5  # least probability of contradiction that counts


class NliChecker:
    """The probability that the pieces of evidence, one after another, entail the claim."""

    name = "nli"
    family = CheckerFamily.CLASSIFIER
    cost = CheckerCost.SMALL_MODEL

    def __init__(self, tools: CheckerTools):
        self._scorer = load_entailment(tools.settings.nli, tools.encoder).scorer

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Score all claims in as few forward passes as fit."""
        results = self._scorer.score([(case.quotes, case.claim.text) for case in cases])
        return [self._check(result) for result in results]

    def _check(self, result: Entailment) -> Check:
        contradicted = result.contradicted
        return Check(
            checker=self.name,
            family=self.family,
            score=result.supported,
            contradicts=contradicted is not None and contradicted >= CONTRADICTED,
            signals={
                "entailment": result.supported,
                "contradiction": 1.0 - (contradicted or 0.0),
            },
            notices=_notices(result),
        )


def _notices(result: Entailment) -> tuple[str, ...]:
    if not result.truncated:
        return ()
    return (
        f"The nli checker read only the first {result.hypothesis_tokens} tokens of a claim; "
        "what follows was not checked by it.",
    )
