"""A claim is as sure as a model that is asked again repeats it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.ground.checker import CheckerTools
from rag.ground.consistency import ConsistencyChecker
from rag.settings import EncoderSettings, GroundSettings
from tests.corpus import TEXTS
from tests.rag.ground.cases import case_of
from tests.rag.ground.scripted_asker import ScriptedAsker

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.ground.checker import CheckCase

YEARS = [f"Mount Etna erupted again in {year}." for year in (2021, 2021, 2021, 1999)]


def checker(encoder: Encoder, *answers: str) -> tuple[ConsistencyChecker, ScriptedAsker]:
    asker = ScriptedAsker(*answers)
    settings = GroundSettings(samples=len(answers) or 2)
    return ConsistencyChecker(CheckerTools(settings, EncoderSettings(), asker, encoder)), asker


def case(encoder: Encoder, claim: str) -> CheckCase:
    return replace(case_of(encoder, claim, TEXTS["volcano"]), question="When did Etna erupt?")


def test_what_most_samples_say_scores_above_what_one_says(encoder: Encoder) -> None:
    consistent, asker = checker(encoder, *YEARS)
    often, once, never = consistent.check(
        [case(encoder, f"Mount Etna erupted again in {year}.") for year in (2021, 1999, 1844)]
    )
    assert often.score is not None
    assert once.score is not None
    assert never.score is not None
    assert often.score > once.score > never.score
    assert [(s.temperature, s.seed) for _, s, _ in asker.asked] == [(1.0, n) for n in range(4)]


def test_without_the_question_nothing_is_sampled(encoder: Encoder) -> None:
    consistent, asker = checker(encoder)
    (check,) = consistent.check([case_of(encoder, "Etna erupted in 2021.", TEXTS["volcano"])])
    assert (check.score, check.error, asker.asked) == (None, None, [])
    assert "needs the question" in check.notices[0]


def test_a_model_that_says_nothing_is_an_error(encoder: Encoder) -> None:
    consistent, _ = checker(encoder, "", " ")
    with pytest.raises(ValueError, match="gave no answer"):
        consistent.check([case(encoder, "Etna erupted in 2021.")])
