"""`correct`: backtracking to the first sentence that is not supported.

Language models do not find their errors, but mend them when told where they are (Tyen et al.
2023, arXiv:2311.08516): the answer is kept up to that sentence, others are sampled for it at
temperature 1, the best supported one takes its place, and the model goes on at temperature 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.ground.claims import CITATION_MARK
from rag.ground.policy.base import Outcome, unchanged
from rag.ground.policy.checks import is_bad, reason
from rag.ground.policy.cut import without_claims
from rag.ground.policy.strip import shortened, strip
from rag.ground.words import split_words
from rag.types import Correction, VerdictLabel

if TYPE_CHECKING:
    from rag.ground.policy.base import PolicyCase
    from rag.ground.policy.rewriter import Rewriter
    from rag.types import Verdict

NO_MODEL = (
    "No language model wrote this answer, so that nothing could be written anew: what is not "
    "supported was left out."
)


def correct(case: PolicyCase) -> Outcome:
    """Mend bad sentences one after another; what cannot be mended is left out."""
    if not any(map(is_bad, case.grounding.verdicts)):
        return unchanged(case)
    if case.rewriter is None:
        stripped = strip(case)
        return replace(stripped, notices=(NO_MODEL, *stripped.notices))
    backtracking = Backtracking(case, case.rewriter, case.rewriter.text)
    for _ in range(case.settings.rounds):
        if not backtracking.mend():
            break
    answer = case.rewriter.cited(backtracking.text)
    rest = strip(replace(case, answer=answer, grounding=case.checks.ground(answer.text)))
    corrections = (*backtracking.corrections, *rest.corrections)
    return shortened(rest.answer, case.checks, corrections)


@dataclass(slots=True)
class Backtracking:
    """An answer while it is mended, with the marks of the passages as they were sent."""

    case: PolicyCase
    rewriter: Rewriter
    text: str
    corrections: list[Correction] = field(default_factory=list, init=False)
    refused: set[str] = field(default_factory=set, init=False)

    def mend(self) -> bool:
        """Replace the first bad sentence, or leave it out; False where there is none."""
        verdicts = self.case.checks.ground(self.text).verdicts
        place = next((i for i, verdict in enumerate(verdicts) if is_bad(verdict)), None)
        if place is None:
            return False
        bad = verdicts[place]
        before = self.text[: bad.claim.start]
        self.refused.add(normalised(bad.claim.text))
        better = self._better(before)
        after = unmarked(better.sentence) if better else ""
        self.corrections.append(Correction(unmarked(bad.claim.text), after, reason(bad)))
        if better is None:
            claims = [verdict.claim for verdict in verdicts]
            self.text = without_claims(self.text, claims, [bad.claim])
            return True
        follows = place + 1 < len(verdicts)
        old = self.text[verdicts[place + 1].claim.start :] if follows else ""
        self.text = self._with_rest(f"{before}{better.sentence}", old)
        return True

    def _better(self, before: str) -> Candidate | None:
        """The supported sentence with the highest score, the first of several."""
        sampled = self.rewriter.sentences_after(before, self.case.settings.continuations)
        found: dict[str, Candidate] = {}
        for sentence in sampled:
            key = normalised(sentence)
            if key and key not in self.refused and key not in found:
                found[key] = Candidate(sentence, self._verdict(sentence))
        supported = [c for c in found.values() if c.verdict.label is VerdictLabel.SUPPORTED]
        return max(supported, key=lambda c: c.verdict.score or 0.0, default=None)

    def _verdict(self, sentence: str) -> Verdict:
        verdicts = self.case.checks.ground(sentence).verdicts
        return next(verdict for verdict in verdicts if verdict.claim.checkable)

    def _with_rest(self, text: str, old: str) -> str:
        """Where the answer went on, the model goes on from what is better now."""
        if not old:
            return text
        new = self.rewriter.rest_after(text)
        if normalised(new) != normalised(old):
            why = "written anew after the sentence before it"
            self.corrections.append(Correction(unmarked(old), unmarked(new), why))
        return f"{text} {new}".rstrip()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may take the place of a bad one."""

    sentence: str
    verdict: Verdict


def normalised(text: str) -> str:
    """What two spellings of one sentence share: its words, without citation marks."""
    return " ".join(word.folded for word in split_words(unmarked(text)))


def unmarked(text: str) -> str:
    """A text on one line, without citation marks."""
    return " ".join(CITATION_MARK.sub("", text).split()).replace(" .", ".")
