"""Sentences keep their places in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ground.sentences import split_sentences


@given(st.text())
def test_every_sentence_is_where_its_offsets_say(text: str) -> None:
    for sentence in split_sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
        assert sentence.text


@given(st.text())
def test_sentences_cover_all_that_is_not_white_space_in_order(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith paid $3.50. Was it right?", ["Dr. Smith paid $3.50.", "Was it right?"]),
        ("これはペンです。あれは何ですか？", ["これはペンです。", "あれは何ですか？"]),
        ("The block is\nwrapped here. Next one.", ["The block is\nwrapped here.", "Next one."]),
        ("x A\u00a0. ab", ["x A\u00a0. ab"]),  # panicked in the library
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("It returns.", True),
        ('He said "stop."', True),
        ("これはペンです。", True),
        ("The with statement", False),
        ("x = [1, 2]", False),
    ],
)
def test_headings_and_code_are_not_complete_sentences(text: str, complete: bool) -> None:
    assert split_sentences(text)[0].is_complete is complete
