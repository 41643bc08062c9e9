"""Grounding is evaluated on answers that nothing was fitted on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.grounding.data import Part, read_answers
from eval.grounding.run import OVERLAP, run
from eval.grounding.table import table
from rag.errors import InputError, SourceError
from rag.ground.combine import combination_from
from rag.settings import EncoderSettings, Settings
from tests.eval.collection import write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))


def write(folder: Path, count: int = 24) -> Path:
    """A true and a false answer for each of some contexts."""
    rows = []
    for i in range(count):
        context = f"The tower number {i} was built in {1500 + 7 * i}. It is {40 + i} m high."
        true = f"Tower number {i} was built in {1500 + 7 * i}."
        false = f"Tower number {i} was painted by {90 + i} merry sailors."
        rows.append({"context": context, "answer": true, "label": 0, "source": "towers"})
        rows.append({"context": context, "answer": false, "label": 1, "source": "towers"})
    return write_jsonl(folder / "answers.jsonl", rows)


def test_fitted_weights_are_reported_on_the_other_half_only(tmp_path: Path) -> None:
    path = write(tmp_path)
    report = run([path], None, 10, True, SETTINGS)
    (found,) = report.sets
    test_part = [answer for answer in read_answers(path) if answer.part is Part.TEST]
    assert found.part == "test"
    assert found.answers == len(test_part)
    assert report.weights is not None
    assert report.weights["data"][0]["answers"] == 48 - len(test_part)
    scores = {system.system: system for system in found.systems}
    assert set(scores) == {OVERLAP, "alignment", "facts", "alignment+facts"}
    whole = scores["alignment+facts"].whole
    assert whole is not None
    assert whole.auc.value == 1
    assert "alignment+facts" in table(report)
    assert combination_from(json.loads(json.dumps(report.weights))).fit_for(["alignment"])


def test_without_a_fit_our_weights_are_tested_on_all_of_a_new_file(tmp_path: Path) -> None:
    (found,) = run([write(tmp_path, 4)], None, 10, False, SETTINGS).sets
    assert found.answers == 8


def test_nothing_to_evaluate_is_bad_input() -> None:
    with pytest.raises(InputError, match="--data"):
        run([], None, 10, False, SETTINGS)


@pytest.mark.parametrize("label", [None, 2, "yes"])
def test_a_label_that_is_none_is_named_with_its_line(tmp_path: Path, label: object) -> None:
    row = {"context": "a", "answer": "b", "label": label}
    path = write_jsonl(tmp_path / "answers.jsonl", [row])
    with pytest.raises(SourceError, match=r"answers\.jsonl:1"):
        list(read_answers(path))
