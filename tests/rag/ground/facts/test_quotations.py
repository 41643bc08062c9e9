"""What is quoted must have been said."""

from __future__ import annotations

import pytest

from rag.ground.facts.quotations import find_quotations


@pytest.mark.parametrize(
    "claim",
    [
        'He said "I am  here".',
        "He said “I am here”.",
        "Er sagte „I am here“.",
        "Il dit «i am here».",
    ],
)
def test_quotation_marks_spaces_and_case_do_not_matter(claim: str) -> None:
    (quotation,) = find_quotations(claim)
    assert quotation.is_in("And I am here, he said.")


def test_other_words_were_not_said() -> None:
    (quotation,) = find_quotations('He said "I am there".')
    assert not quotation.is_in("And I am here, he said.")
    assert not quotation.is_in("And I am therefore late.")


def test_marks_around_nothing_quote_nothing() -> None:
    assert find_quotations('"" and "!"') == []
