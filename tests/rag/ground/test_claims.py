"""Claims keep their places in the answer; what claims nothing is told apart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ground.claims import CITATION_MARK, split_claims

ANSWER_PIECES = st.lists(
    st.sampled_from(
        ["Etna erupted.", " ", "[1]", "[2, 3]", "\n", "- ", "# ", "Is it?", "人口です。", "x[1]"]
    )
).map("".join)


@given(st.text() | ANSWER_PIECES)
def test_a_place_in_a_claim_is_a_place_in_the_answer(answer: str) -> None:
    for claim in split_claims(answer):
        assert len(claim.text) == claim.end - claim.start
        original = answer[claim.start : claim.end]
        assert all(ours in {theirs, " "} for ours, theirs in zip(claim.text, original, strict=True))
        assert not CITATION_MARK.search(claim.text)


@given(ANSWER_PIECES)
def test_claims_are_in_order_and_do_not_overlap(answer: str) -> None:
    claims = split_claims(answer)
    assert all(a.end <= b.start for a, b in itertools.pairwise(claims))


def test_citation_marks_belong_to_the_sentence_that_they_follow() -> None:
    answer = "Etna is high [1]. It erupted in 2021. [2] [4-6] It sleeps.[7]\n[8] It wakes."
    claims = split_claims(answer)
    assert [claim.citations for claim in claims] == [(1,), (2, 4, 5, 6), (7,), (8,)]
    assert claims[1].text == "It erupted in 2021."


def test_a_year_in_brackets_is_no_citation() -> None:
    (claim,) = split_claims("He wrote it later [2021].")
    assert claim.citations == ()
    assert "2021" in claim.text


def test_every_line_of_a_list_is_a_claim_of_its_own() -> None:
    claims = split_claims("Two rules hold:\n- Kings castle once.\n* Queens do not.\n1. Rooks move.")
    texts = [claim.text for claim in claims if claim.checkable]
    assert texts == ["Kings castle once.", "Queens do not.", "Rooks move."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Is Etna a volcano?",
        "東京はどこですか？",
        "هل هذا صحيح؟",
        "Hello!",
        "Thank you for asking!",
        "谢谢！",
        "Here is the answer:",
        "# Volcanoes of Europe",
        "I don't know.",
        "I’m sorry.",
        "Nothing in corpus answers this question.",
        "The passages do not say when it erupted.",
        "There is no information available on that.",
        "…",
    ],
)
def test_what_claims_nothing_is_not_checked(sentence: str) -> None:
    assert [claim.checkable for claim in split_claims(sentence)] == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "Etna erupted in 2021.",
        "2021",
        "人口は約一千四百万人です。",
        "I don't know much about Etna other than that it is the highest volcano of Europe.",
        "The text does not say when, but Etna erupted in 2021.",
        "Nothing is faster than light.",
        "The information age began in 1970.",
    ],
)
def test_what_claims_something_is_checked(sentence: str) -> None:
    assert [claim.checkable for claim in split_claims(sentence)] == [True]
