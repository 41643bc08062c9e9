"""Numbers are found in whatever spelling, and never where another one stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ground.facts.numbers import find_numbers, numbers_of


def is_in(claim: str, evidence: str) -> bool:
    (number,) = find_numbers(claim)
    return number.is_in(evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("5 km", "5,000 metres"),
        ("12 miles", "19.3 km"),
        ("1041", "1,041 men"),
        ("1.041", "1 041 and 1,041 Mann"),
        ("$5 million", "5,000,000 dollars"),
        ("5 Millionen", "5.000.000"),
        ("3.5%", "3.5 percent"),
        ("3,5 Prozent", "3.5 %"),
        ("about 1.2 million", "1,203,400 people"),
        ("seven", "7 dwarfs"),
        ("13", "the 13th century"),
        ("2008", "on 12 May 2008"),
        ("1990s", "in the 1990s"),
        ("2 hours", "120 minutes"),
        ("5 m", "5 meters"),
    ],
)
def test_the_same_number_is_found(claim: str, evidence: str) -> None:
    assert is_in(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("1998", "in 1999"),
        ("12 km", "19 km (12 mi)"),
        ("5 kg", "5 km"),
        ("$3", "3 %"),
        ("1.2 million", "1,260,000"),
        ("4000", "4001"),
        ("10", "100 or 1.0"),
        ("7", "no number"),
    ],
)
def test_another_number_is_not(claim: str, evidence: str) -> None:
    assert not is_in(claim, evidence)


def test_a_number_has_a_rival_only_where_the_same_is_measured() -> None:
    (number,) = find_numbers("5 km")
    assert number.has_rival_in("It is 7 miles long.")
    assert not number.has_rival_in("It weighs 7 kg.")


@given(st.integers(0, 10**12))
def test_separators_of_thousands_change_nothing(value: int) -> None:
    assert is_in(f"{value}", f"x {value:,} y")
    assert is_in(f"{value:,}", f"x {value} y")


@given(st.text())
def test_numbers_are_where_they_say(text: str) -> None:
    for number in numbers_of(text):
        assert 0 <= number.place.start < number.place.end <= len(text)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_whole_numbers_agree_only_if_they_are_equal(claimed: int, said: int) -> None:
    assert is_in(f"{claimed}", f"there were {said}") is (claimed == said)
