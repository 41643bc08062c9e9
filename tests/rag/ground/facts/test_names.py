"""Names are capitalised words that must all be in the evidence."""

from __future__ import annotations

import pytest

from rag.ground.facts.names import find_names


def texts(claim: str) -> list[str]:
    return [claim[name.place.start : name.place.end] for name in find_names(claim)]


def test_names_are_runs_of_capitalised_words_within_a_sentence() -> None:
    assert texts("The poet Ada Lovelace met Babbage in London.") == [
        "Ada Lovelace",
        "Babbage",
        "London",
    ]


def test_the_first_word_of_a_sentence_is_no_name_unless_it_is_an_acronym() -> None:
    assert texts("Etna erupted.") == []
    assert texts("NASA flew.") == ["NASA"]


@pytest.mark.parametrize(
    ("claim", "evidence", "found"),
    [
        ("It was Ada Lovelace.", "LOVELACE, Ada: a poet", True),
        ("It was Lovelace's.", "Ada Lovelace", True),
        ("In São Paulo.", "Sao Paulo is large", True),
        ("It was Ada Babbage.", "Ada Lovelace", False),
        ("The NATO.", "the North Atlantic Treaty Organization", True),
        ("In United States.", "in the U.S. army", True),
        ("It was Rome.", "Roman roads", False),
    ],
)
def test_a_name_is_found_whole_or_as_its_acronym(claim: str, evidence: str, found: bool) -> None:
    (name,) = find_names(claim)
    assert name.is_in(evidence) is found


def test_scripts_without_capitals_have_no_names() -> None:
    assert texts("東京は日本の首都です。") == []
