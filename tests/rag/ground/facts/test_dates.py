"""Dates are compared by what they say, not by how."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ground.facts.dates import dates_of, find_dates


def is_in(claim: str, evidence: str) -> bool:
    (date,) = find_dates(claim)
    return date.is_in(evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("May 12, 2008", "on 12 May 2008"),
        ("12. Mai 2008", "May 12, 2008"),
        ("le 12 mai 2008", "2008-05-12"),
        ("12 de mayo de 2008", "12 May 2008"),
        ("2008年5月12日", "May 12, 2008"),
        ("12 мая 2008", "12 May 2008"),
        ("5/6/2008", "6 May 2008"),
        ("5/6/2008", "5 June 2008"),
        ("May 2008", "May 12, 2008"),
        ("May 12", "May 12, 2008"),
        ("January 1st", "1 Jan. 1999"),
    ],
)
def test_the_same_date_is_found(claim: str, evidence: str) -> None:
    assert is_in(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("May 13, 2008", "May 12, 2008"),
        ("May 12, 2009", "May 12, 2008"),
        ("May 12, 2008", "May 2008"),
        ("May 12, 2008", "in 2008"),
        ("13/6/2008", "6 May 2008"),
    ],
)
def test_another_date_or_a_vaguer_one_is_not(claim: str, evidence: str) -> None:
    assert not is_in(claim, evidence)


@pytest.mark.parametrize("text", ["2008", "32 May", "2008-13-01", "Mayor 3", "1.2.3"])
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert find_dates(text) == []


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_found_in_another_order(day: date) -> None:
    assert is_in(day.isoformat(), f"It was on {day:%B} {day.day}, {day.year}.")


@given(st.text())
def test_dates_are_where_they_say(text: str) -> None:
    for found in dates_of(text):
        assert 0 <= found.place.start < found.place.end <= len(text)
