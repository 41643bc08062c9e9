"""Alignment says how much of a claim the evidence has, and which words it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.ground.alignment import AlignmentChecker
from rag.ground.checker import CheckerTools
from rag.settings import EncoderSettings, GroundSettings
from tests.rag.ground.cases import case_of

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.types import Check

PASSAGE = "Mount Etna erupted in 2021. Vesuvius erupted in 1944 and destroyed San Sebastiano."


def check(encoder: Encoder, claim: str, passage: str = PASSAGE) -> Check:
    checker = AlignmentChecker(CheckerTools(GroundSettings(), EncoderSettings()))
    (found,) = checker.check([case_of(encoder, claim, passage)])
    return found


def test_a_sentence_of_the_passage_is_supported_wholly(encoder: Encoder) -> None:
    found = check(encoder, "Mount Etna erupted in 2021.")
    assert found.score == pytest.approx(1)
    assert found.unsupported == ()
    of_words = {name: value for name, value in found.signals.items() if name != "evidence"}
    assert set(of_words.values()) == {1}


def test_the_unsupported_words_are_a_span_of_the_answer(encoder: Encoder) -> None:
    answer = "Mount Etna erupted in 2021, killing three astronauts."
    (span,) = check(encoder, answer).unsupported
    assert "astronauts" in span.text
    assert answer[span.start : span.end] == span.text


def test_another_word_of_the_same_meaning_counts_for_more_than_a_stranger(
    encoder: Encoder,
) -> None:
    near = check(encoder, "Vesuvius erupted in 1944 and ruined San Sebastiano.").score
    far = check(encoder, "Vesuvius erupted in 1944 and elected San Sebastiano.").score
    assert near is not None
    assert far is not None
    assert near > far


def test_a_number_weighs_more_than_another_word(encoder: Encoder) -> None:
    number = check(encoder, "Mount Etna erupted in 1669.").score
    word = check(encoder, "Mount Etna sneezed in 2021.").score
    assert number is not None
    assert word is not None
    assert number < word


def test_a_fact_that_belongs_to_something_else_is_out_of_place(encoder: Encoder) -> None:
    right = check(encoder, "Vesuvius destroyed San Sebastiano.").signals
    wrong = check(encoder, "Mount Etna destroyed San Sebastiano.").signals
    assert right["facts"] == wrong["facts"] == 1
    assert wrong["facts_placed"] < right["facts_placed"]


def test_signals_are_shares(encoder: Encoder) -> None:
    for claim in ("Etna.", "人口です。", "Completely unrelated words about 17 llamas."):
        assert all(0 <= value <= 1 for value in check(encoder, claim).signals.values())
