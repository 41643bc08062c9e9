"""The claims of an answer that changes, each checked once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.ground.claims import split_claims
from rag.ground.ground import ALL_NEGATIVE, grounding_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.ground.ground import Grounder
    from rag.types import Check, Chunk, Claim, Grounding, UnsupportedSpan, Verdict


class AnswerChecks:
    """Checks versions of one answer against the passages that it was made from."""

    def __init__(self, grounder: Grounder, passages: Sequence[Chunk], question: str):
        self._grounder = grounder
        self._pool = grounder.pool(passages)
        self._question = question
        self._known: dict[str, Verdict] = {}

    def ground(self, text: str) -> Grounding:
        """A verdict for each sentence; only claims that are new are checked."""
        claims = split_claims(text)
        new = {claim.text: claim for claim in claims if claim.text not in self._known}
        checked = self._grounder.check(list(new.values()), text, self._pool, self._question)
        self._known |= dict(zip(new, checked.verdicts, strict=True))
        verdicts = tuple(moved(self._known[claim.text], claim) for claim in claims)
        timings: Mapping[str, float] = checked.timings_ms
        return grounding_of(text, verdicts, timings)


def is_bad(verdict: Verdict) -> bool:
    """Whether something was found wrong; a failed check finds nothing."""
    return verdict.label in ALL_NEGATIVE


def reason(verdict: Verdict) -> str:
    """Why a claim is not supported, in a few words."""
    spans = "; ".join(f"{span.text!r}: {span.reason}" for span in verdict.unsupported)
    label = verdict.label.replace("_", " ")
    return f"{label} ({spans})" if spans else label


def moved(verdict: Verdict, claim: Claim) -> Verdict:
    """The verdict on the same claim at another place."""
    by = claim.start - verdict.claim.start
    return replace(
        verdict,
        claim=claim,
        unsupported=_moved_spans(verdict.unsupported, by),
        checks=tuple(_moved_check(check, by) for check in verdict.checks),
    )


def _moved_check(check: Check, by: int) -> Check:
    return replace(check, unsupported=_moved_spans(check.unsupported, by))


def _moved_spans(spans: Sequence[UnsupportedSpan], by: int) -> tuple[UnsupportedSpan, ...]:
    return tuple(replace(span, start=span.start + by, end=span.end + by) for span in spans)
