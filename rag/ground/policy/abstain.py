"""`abstain`: no answer rather than one that is not supported.

Weak retrieval is a reason of its own, which is seen before anything is generated: the mean MaxSim
of a question token with the best passage is below `ground.least_relevance`. A selective
classifier, that is, with a threshold on its confidence (Geifman & El-Yaniv 2017,
arXiv:1705.08500).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.policy.base import Outcome, unchanged
from rag.ground.policy.checks import is_bad, reason
from rag.ground.policy.rewriter import CitedAnswer
from rag.ground.policy.texts import UNSUPPORTED
from rag.types import Correction, VerdictLabel

if TYPE_CHECKING:
    from rag.ground.policy.base import PolicyCase
    from rag.types import SearchResult


def abstain(case: PolicyCase) -> Outcome:
    """The answer if each claim is supported; a failed check is a reason to abstain, too."""
    doubtful = [
        verdict
        for verdict in case.grounding.verdicts
        if is_bad(verdict) or verdict.label is VerdictLabel.ERROR
    ]
    if not doubtful:
        return unchanged(case)
    whys = "; ".join(dict.fromkeys(reason(verdict) for verdict in doubtful))
    return Outcome(
        answer=CitedAnswer(UNSUPPORTED, (), ()),
        grounding=case.checks.ground(UNSUPPORTED),
        corrections=(Correction(case.answer.text, UNSUPPORTED, whys),),
        notices=("The answer was held back: not every claim of it is supported.",),
    )


def is_weak(found: SearchResult, least: float) -> bool:
    """Whether even the best passage is far from the question; False where nobody measured it."""
    known = [p.relevance for p in found.passages if p.relevance is not None]
    return bool(known) and max(known) < least
