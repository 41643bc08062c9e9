"""A sentence denies or affirms."""

from __future__ import annotations

import pytest

from rag.ground.facts.negation import denies


@pytest.mark.parametrize(
    "sentence",
    [
        "It does not run.",
        "It doesn't run.",
        "It doesn’t run.",
        "it does n't run",
        "Das ist nicht wahr.",
        "Nunca llueve.",
        "これは本ではない。",
        "他不来。",
    ],
)
def test_negations_deny(sentence: str) -> None:
    assert denies(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["It runs.", "Not only does it run.", "It is never without water.", "Knots are tied."],
)
def test_other_sentences_affirm(sentence: str) -> None:
    assert not denies(sentence)
