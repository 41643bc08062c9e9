"""A draft that is checked before it is an answer, by a policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from rag.generate.base import Draft
from rag.ground.policy.abstain import is_weak
from rag.ground.policy.base import PolicyCase
from rag.ground.policy.checks import AnswerChecks
from rag.ground.policy.registry import POLICIES
from rag.ground.policy.rewriter import CitedAnswer
from rag.ground.policy.texts import WEAK

if TYPE_CHECKING:
    from rag.ground.ground import Grounder
    from rag.types import Correction, Grounding, GroundPolicy, SearchResult

WEAK_NOTICE = (
    "Nothing was answered: the best passage is too far from the question (ground.least_relevance)."
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The draft to give, what its checks say, and how long they took."""

    draft: Draft
    grounding: Grounding
    corrections: tuple[Correction, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Review:
    """Checks and a policy for answers. Safe to use from several threads."""

    grounder: Grounder
    policy: GroundPolicy

    @property
    def shows_drafts(self) -> bool:
        """The policy changes nothing, so that a draft can be shown as it is written."""
        return not POLICIES[self.policy].changes

    def refusal(self, found: SearchResult) -> Draft | None:
        """What is answered where the passages are too weak to answer from."""
        if not POLICIES[self.policy].refuses_weak_retrieval:
            return None
        if not is_weak(found, self.grounder.settings.least_relevance):
            return None
        return Draft(WEAK, (), (), notices=(WEAK_NOTICE,))

    def __call__(self, draft: Draft, question: str) -> Reviewed:
        """Check the draft and apply the policy. Raises: GenerationError."""
        started = perf_counter()
        checks = AnswerChecks(self.grounder, draft.sent, question)
        case = PolicyCase(
            answer=CitedAnswer(draft.text, draft.sentences, draft.citations),
            grounding=checks.ground(draft.text),
            checks=checks,
            rewriter=draft.rewriter,
            settings=self.grounder.settings,
        )
        outcome = POLICIES[self.policy].apply(case)
        usage = draft.usage
        if draft.rewriter is not None and usage is not None:
            usage += draft.rewriter.usage
        given = replace(
            draft,
            text=outcome.answer.text,
            sentences=outcome.answer.sentences,
            citations=outcome.answer.citations,
            usage=usage,
            notices=(*draft.notices, *outcome.notices),
        )
        spent = 1e3 * (perf_counter() - started)
        return Reviewed(given, outcome.grounding, outcome.corrections, spent)
