"""The claim's question, asked of the evidence: whether both answer the same.

As QAGS (Wang, Cho & Lewis 2020, arXiv:2004.04228) and QuestEval (Scialom et al. 2021,
arXiv:2103.12693) do, with one language model that asks and answers. Answers are compared by the
F1 of their words, as in SQuAD (Rajpurkar et al. 2016, arXiv:1606.05250).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rag.ground.checker import needed_asker
from rag.ground.each import check_each
from rag.ground.structured import Structured, ask_structured
from rag.ground.words import split_words
from rag.types import Check, CheckerCost, CheckerFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.ground.checker import CheckCase, CheckerTools


class ClaimQuestion(Structured):
    """A question, and what the claim answers to it."""

    question: str
    answer: str


class EvidenceAnswer(Structured):
    """What the evidence answers; None: nothing."""

    answer: str | None


class QaChecker:
    """Two calls of the model a claim."""

    name = "qa"
    family = CheckerFamily.QUESTION_ANSWERING
    cost = CheckerCost.LANGUAGE_MODEL

    def __init__(self, tools: CheckerTools):
        self._asker = needed_asker(tools, self.name)

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Ask and compare, claim by claim."""
        return check_each(self, cases, self._check)

    def _check(self, case: CheckCase) -> Check:
        asked = ask_structured(self._asker, "claim_question", ClaimQuestion, claim=case.claim.text)
        if not split_words(asked.question) or not split_words(asked.answer):
            raise ValueError("the model found no question in the claim.")
        found = ask_structured(
            self._asker,
            "evidence_answer",
            EvidenceAnswer,
            evidence=case.quotes,
            question=asked.question,
        )
        return Check(self.name, self.family, score=word_f1(asked.answer, found.answer or ""))


def word_f1(first: str, second: str) -> float:
    """The harmonic mean of precision and recall of the words; 0 where one has none."""
    left, right = (Counter(word.folded for word in split_words(text)) for text in (first, second))
    common = (left & right).total()
    return 2 * common / (left.total() + right.total()) if common else 0.0
