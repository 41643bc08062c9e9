"""Every fact of a claim must be in its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.ground.checker import CheckerTools
from rag.ground.facts.checker import FactsChecker
from rag.settings import EncoderSettings, GroundSettings
from tests.rag.ground.cases import plain_case

if TYPE_CHECKING:
    from rag.types import Check

QUOTE = "On 12 May 2008 the quake killed 69,197 people in Sichuan, said Li Wei."


def check(claim: str, quote: str = QUOTE, score: float = 0.9) -> Check:
    checker = FactsChecker(CheckerTools(GroundSettings(), EncoderSettings()))
    (found,) = checker.check([plain_case(claim, quote, score)])
    return found


def test_a_claim_whose_facts_are_all_there_is_supported() -> None:
    found = check("In May 2008, a quake in Sichuan killed 69197.")
    assert found.score == 1
    assert not found.contradicts
    assert found.unsupported == ()


@pytest.mark.parametrize(
    ("claim", "kind", "span"),
    [
        ("It killed 71,000 people.", "number", "71,000"),
        ("It struck on 13 May 2008.", "date", "13 May 2008"),
        ("The quake struck Tibet.", "name", "Tibet"),
        ('Li Wei said "nobody died".', "quotation", "nobody died"),
    ],
)
def test_a_fact_that_is_not_there_is_an_unsupported_span(claim: str, kind: str, span: str) -> None:
    found = check(claim)
    assert found.score is not None
    assert found.score < 1
    assert found.signals[kind] == 0
    assert (span, f"{kind} not in the evidence") in [(s.text, s.reason) for s in found.unsupported]
    assert all(claim[s.start : s.end] == s.text for s in found.unsupported)


def test_another_number_where_the_subject_is_the_same_contradicts() -> None:
    assert check("The quake killed 71,000 people in Sichuan.").contradicts
    assert not check("A flood killed 71,000 people in Assam.", score=0.3).contradicts


def test_a_reversed_statement_contradicts() -> None:
    found = check("The quake did not kill people in Sichuan.")
    assert found.contradicts
    assert found.signals["negation"] == 0


def test_a_number_within_a_date_is_not_checked_twice() -> None:
    assert len(check("It struck on 13 May 2008.").unsupported) == 1


def test_a_claim_without_facts_has_no_score_and_nothing_against_it() -> None:
    found = check("the ground shook")
    assert found.score is None
    assert found.error is None
    assert set(found.signals.values()) == {1}
