"""Sentences taken out of an answer, with their citation marks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.ground.claims import LINE_MARK, split_claims
from rag.ground.policy.rewriter import CitedAnswer
from rag.types import AnswerSentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rag.types import Citation, Claim

MARK = re.compile(r"\[(\d{1,3})\]")


def without(answer: CitedAnswer, removed: Collection[Claim]) -> CitedAnswer:
    """The answer without some of its claims; the citations that are left are numbered anew."""
    text = without_claims(answer.text, split_claims(answer.text), removed)
    return renumbered(text, answer.citations)


def without_claims(text: str, claims: Sequence[Claim], removed: Collection[Claim]) -> str:
    """Each claim goes with the marks behind it, and with its list mark; line ends stay."""
    ends = [claim.start for claim in claims[1:]] + [len(text)]
    for claim, end in reversed(list(zip(claims, ends, strict=True))):
        if claim in removed:
            text = _cut(text, claim.start, end)
    return text.strip()


def renumbered(text: str, citations: Sequence[Citation]) -> CitedAnswer:
    """The text with the citations that it still has, numbered in order of their first mark."""
    known = {str(citation.number): citation for citation in citations}
    used = dict.fromkeys(m[1] for m in MARK.finditer(text) if m[1] in known)
    numbers = {old: new for new, old in enumerate(used, 1)}
    text = MARK.sub(lambda mark: f"[{numbers.get(mark[1], mark[1])}]", text)
    kept = tuple(replace(known[old], number=new) for old, new in numbers.items())
    return CitedAnswer(text, _sentences(text, numbers), kept)


def _sentences(text: str, numbers: Mapping[str, int]) -> tuple[AnswerSentence, ...]:
    known = set(numbers.values())
    return tuple(
        AnswerSentence(claim.text.strip(), tuple(n for n in claim.citations if n in known))
        for claim in split_claims(text)
    )


def _cut(text: str, start: int, end: int) -> str:
    """Without `start` to `end`, but for a line end there that parts what is around."""
    line = text.rfind("\n", 0, start) + 1
    mark = LINE_MARK.fullmatch(text[line:start])
    end = start + len(_own_line(text[start:end])) if mark else end
    gone = text[start:end]
    gap = gone[len(gone.rstrip()) :]
    before, after = text[: line if mark else start], text[end:]
    return before + (gap if "\n" in gap and not mark else "") + after


def _own_line(segment: str) -> str:
    """What is before the next list mark: that one stays."""
    following = LINE_MARK.search(segment, segment.find("\n") + 1) if "\n" in segment else None
    return segment[: following.start()] if following else segment
