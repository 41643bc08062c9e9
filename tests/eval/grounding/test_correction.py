"""The policy correct, measured on a set that is made the same each time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.grounding.correction import Result, run, table
from eval.grounding.correction_set import correction_cases
from rag.errors import InputError
from rag.ground.policy.correct import normalised
from rag.settings import EncoderSettings, Settings

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "The harbour of {name} lies on the northern coast of a large island. "
    "It was opened by the merchant {founder} in {year} after a long dispute. "
    "Every winter the ships stay at home because of ice and storms."
)


@pytest.fixture
def passages(tmp_path: Path) -> Path:
    path = tmp_path / "passages.jsonl"
    names = ["Alda", "Brenn", "Corvo", "Dunmar", "Elst", "Fjord", "Grena", "Holm"] * 3
    lines = [
        {"text": TEXT.format(name=name, founder=f"{name}son", year=1700 + 7 * i), "title": f"t{i}"}
        for i, name in enumerate(names)
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_a_case_offers_the_right_sentence_among_wrong_ones(passages: Path) -> None:
    cases = correction_cases(passages, 5)
    assert cases == correction_cases(passages, 5)
    assert 1 <= len(cases) <= 5
    for case in cases:
        assert normalised(case.right) != normalised(case.wrong)
        offered = [normalised(sentence) for sentence in case.offered]
        assert offered.count(normalised(case.right)) == 2
        assert normalised(case.wrong) in offered
        assert case.before in case.passage
        assert case.after in case.passage


def test_every_answer_has_a_result_and_the_shares_are_those_of_the_counts(passages: Path) -> None:
    settings = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))
    report = run(passages, 4, settings)
    assert sum(report.results.values()) == report.pairs
    assert report.mended.value == report.results[Result.MENDED] / report.pairs
    assert report.results[Result.MENDED] > 0
    assert f"{report.pairs} wrong answers" in table(report)


def test_passages_without_facts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl"
    path.write_text(json.dumps({"text": "There is nothing here at all that could be exchanged."}))
    with pytest.raises(InputError, match="No passage"):
        run(path, 4, Settings())
