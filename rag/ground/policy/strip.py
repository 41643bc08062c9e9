"""`strip`: what is not supported is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.policy.base import Outcome, unchanged
from rag.ground.policy.checks import is_bad, reason
from rag.ground.policy.cut import without
from rag.ground.policy.rewriter import CitedAnswer
from rag.ground.policy.texts import UNSUPPORTED
from rag.types import Correction

if TYPE_CHECKING:
    from rag.ground.policy.base import PolicyCase
    from rag.ground.policy.checks import AnswerChecks


def strip(case: PolicyCase) -> Outcome:
    """Without the bad sentences; where no claim is left, that is said."""
    bad = [verdict for verdict in case.grounding.verdicts if is_bad(verdict)]
    if not bad:
        return unchanged(case)
    kept = without(case.answer, [verdict.claim for verdict in bad])
    corrections = tuple(Correction(v.claim.text.strip(), "", reason(v)) for v in bad)
    return shortened(kept, case.checks, corrections)


def shortened(
    answer: CitedAnswer, checks: AnswerChecks, corrections: tuple[Correction, ...]
) -> Outcome:
    """What is left of an answer; where that claims nothing, a sentence that says so."""
    grounding = checks.ground(answer.text)
    if not any(verdict.claim.checkable for verdict in grounding.verdicts):
        answer = CitedAnswer(UNSUPPORTED, (), ())
        grounding = checks.ground(UNSUPPORTED)
    gone = sum(not correction.after for correction in corrections)
    return Outcome(answer, grounding, corrections, left_out(gone))


def left_out(count: int) -> tuple[str, ...]:
    """The notice that so many sentences are gone; none for 0."""
    if not count:
        return ()
    sentences = "1 sentence was" if count == 1 else f"{count} sentences were"
    return (f"{sentences} left out of the answer: the passages do not support it.",)
