"""Swapped facts: one fact differs, the rest does not; parts share no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.grounding.data import Part, part_of
from eval.grounding.swaps import find_facts, swapped_facts
from tests.eval.collection import write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = ["Rome", "Paris", "Oslo", "Cairo", "Lima", "Quito", "Delhi", "Tokyo", "Kyiv", "Bern"]


def passages(folder: Path) -> Path:
    rows = [
        {
            "title": f"town {i}",
            "paragraph": f"The great tower of {town} was built on {i + 2} May {1800 + i} by a "
            f"guild. It has {100 + 7 * i} steps and the bells of {TOWNS[i - 1]} were cast for it.",
        }
        for i, town in enumerate(TOWNS)
    ]
    return write_jsonl(folder / "passages.jsonl", rows)


def test_facts_are_dates_numbers_and_names() -> None:
    facts = find_facts("The tower of Rome was built on 2 May 1800 with 1,007 steps.")
    assert [(fact.kind, fact.text) for fact in facts] == [
        ("name", "Rome"),
        ("date", "2 May 1800"),
        ("number", "1,007"),
    ]


@pytest.mark.parametrize("part", Part)
def test_each_pair_has_one_context_and_differs_in_one_fact(tmp_path: Path, part: Part) -> None:
    answers = swapped_facts(passages(tmp_path), part, 5)
    assert answers
    for true, false in zip(answers[::2], answers[1::2], strict=True):
        assert (true.grounded, false.grounded) == (True, False)
        assert true.context == false.context
        assert true.source == false.source
        assert true.answer != false.answer
        assert "\ufffc" not in true.answer + false.answer


def test_the_same_call_gives_the_same_pairs(tmp_path: Path) -> None:
    path = passages(tmp_path)
    assert swapped_facts(path, Part.FIT, 5) == swapped_facts(path, Part.FIT, 5)


def test_parts_share_no_document(tmp_path: Path) -> None:
    path = passages(tmp_path)
    contexts = {part: {a.context for a in swapped_facts(path, part, 9)} for part in Part}
    assert not contexts[Part.FIT] & contexts[Part.TEST]
    assert {part_of(f"town {i}") for i in range(10)} == set(Part)
