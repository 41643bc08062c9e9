"""The facts of a claim, each looked up in its evidence; nothing is learned, nothing is random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.ground.facts.dates import find_dates
from rag.ground.facts.names import find_names
from rag.ground.facts.negation import denies
from rag.ground.facts.numbers import find_numbers
from rag.ground.facts.quotations import find_quotations
from rag.types import Check, CheckerCost, CheckerFamily, UnsupportedSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rag.ground.checker import CheckCase, CheckerTools
    from rag.ground.facts.fact import Fact

# In this order: a number within a date is part of the date.
KINDS: Mapping[str, Callable[[str], list[Fact]]] = {
    "date": find_dates,
    "number": find_numbers,
    "name": find_names,
    "quotation": find_quotations,
}
NEGATION = "negation"
# From this mean match on, the best piece of evidence speaks of what the claim speaks of, so that
# a negation there says otherwise.
SAME_SUBJECT = 0.7
# And so does any piece with another fact of the kind, which lowers the match, from this on.
RIVAL_SUBJECT = 0.4


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact of a claim: whether it is in all of the evidence, and in the best piece of it.

    `denied`: a piece that speaks of the same thing has another fact of that kind.
    """

    kind: str
    fact: Fact
    found: bool
    nearby: bool
    denied: bool


class FactsChecker:
    """The share of a claim's facts that the evidence has; no score for a claim without facts."""

    name = "facts"
    family = CheckerFamily.FACT_OVERLAP
    cost = CheckerCost.ARITHMETIC

    def __init__(self, tools: CheckerTools):
        del tools  # needs nothing

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Look up the facts of each claim."""
        return [self._check(case) for case in cases]

    def _check(self, case: CheckCase) -> Check:
        facts = look_up(case)
        reversed_ = _reversed(case)
        outcomes = [float(fact.found) for fact in facts] + [0.0] * reversed_
        return Check(
            checker=self.name,
            family=self.family,
            score=sum(outcomes) / len(outcomes) if outcomes else None,
            contradicts=reversed_ or any(fact.denied for fact in facts),
            unsupported=tuple(_spans(case, facts)),
            signals=_signals(facts, reversed_),
        )


def look_up(case: CheckCase) -> list[FoundFact]:
    """Each fact of the claim, none inside another but for what is quoted."""
    rivals = [each.quote for each in case.evidence if each.score >= RIVAL_SUBJECT]
    everything = "\n".join(evidence.quote for evidence in case.evidence)
    return [
        FoundFact(
            kind=kind,
            fact=fact,
            found=fact.is_in(everything),
            nearby=fact.is_in(case.evidence[0].quote),
            denied=not fact.is_in(everything) and any(map(fact.has_rival_in, rivals)),
        )
        for kind, fact in _facts(case.claim.text)
    ]


def _facts(claim: str) -> Iterator[tuple[str, Fact]]:
    taken: list[Fact] = []
    for kind, find in KINDS.items():
        for fact in find(claim):
            if kind == "quotation" or not any(_overlap(fact, other) for other in taken):
                taken.append(fact)
                yield kind, fact


def _overlap(fact: Fact, other: Fact) -> bool:
    return fact.place.start < other.place.end and other.place.start < fact.place.end


def _reversed(case: CheckCase) -> bool:
    """Whether of claim and evidence, which speak of the same thing, one denies it."""
    best = case.evidence[0]
    return best.score >= SAME_SUBJECT and denies(case.claim.text) != denies(best.quote)


def _signals(facts: Sequence[FoundFact], reversed_: bool) -> dict[str, float]:
    of_kind = {kind: [float(f.found) for f in facts if f.kind == kind] for kind in KINDS}
    return {
        **{kind: min(found, default=1.0) for kind, found in of_kind.items()},
        "nearby": min((float(fact.nearby) for fact in facts), default=1.0),
        NEGATION: 1.0 - reversed_,
    }


def _spans(case: CheckCase, facts: Sequence[FoundFact]) -> Iterator[UnsupportedSpan]:
    before = case.claim.start
    for fact in (fact for fact in facts if not fact.found):
        start, end = fact.fact.place.start, fact.fact.place.end
        text = case.claim.text[start:end]
        yield UnsupportedSpan(
            before + start, before + end, text, f"{fact.kind} not in the evidence"
        )
