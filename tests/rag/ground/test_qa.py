"""The claim's question is asked of the evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.ground.checker import CheckerTools
from rag.ground.qa import QaChecker, word_f1
from rag.settings import EncoderSettings, GroundSettings
from tests.rag.ground.cases import plain_case
from tests.rag.ground.scripted_asker import ScriptedAsker

if TYPE_CHECKING:
    from rag.types import Check

CASE = plain_case("Etna erupted in 1999.", "It erupted again in 2021.")
ASKED = json.dumps({"question": "When did Etna erupt?", "answer": "1999"})


def check(*answers: str) -> Check:
    tools = CheckerTools(GroundSettings(), EncoderSettings(), ScriptedAsker(*answers))
    return QaChecker(tools).check([CASE])[0]


@pytest.mark.parametrize(
    ("found", "score"),
    [("1999", 1.0), ("in 1999", pytest.approx(2 / 3)), ("2021", 0.0), (None, 0.0)],
)
def test_the_score_is_how_far_both_answer_the_same(found: str | None, score: float) -> None:
    assert check(ASKED, json.dumps({"answer": found})).score == score


@pytest.mark.parametrize(
    "answers",
    [
        ("no", "no"),
        (ASKED, "no", "no"),
        (ASKED, '{"answer": 1999}', "{}"),
        (json.dumps({"question": "?", "answer": "1999"}),),
    ],
)
def test_what_cannot_be_read_is_an_error(answers: tuple[str, ...]) -> None:
    found = check(*answers)
    assert found.score is None
    assert found.error is not None


def test_the_evidence_is_asked_without_the_claim() -> None:
    asker = ScriptedAsker(ASKED, '{"answer": "2021"}')
    QaChecker(CheckerTools(GroundSettings(), EncoderSettings(), asker)).check([CASE])
    assert asker.asked[1][2] == {"evidence": CASE.quotes, "question": "When did Etna erupt?"}


def test_f1_of_words_ignores_case_and_punctuation() -> None:
    assert word_f1("The Alps.", "the alps") == 1.0
    assert word_f1("", "x") == 0.0
