"""A judge's word counts only where it can be read, and is asked for only in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import GenerationError, SettingsError
from rag.ground.checker import CHECKERS, CheckerTools, load_checkers
from rag.ground.ground import load_grounder
from rag.ground.judge import JudgeChecker
from rag.settings import EncoderSettings, GroundSettings
from rag.types import CheckerCost
from tests.corpus import chunk
from tests.rag.ground.cases import plain_case
from tests.rag.ground.scripted_asker import ScriptedAsker

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

CASE = plain_case("Etna erupted in 2021.", "It erupted again in 2021.")
SUPPORTED = '{"verdict": "supported", "reason": "it says so"}'
CONTRADICTED = '{"verdict": "contradicted", "reason": "another year"}'
JUDGED = GroundSettings(checkers=("alignment", "facts", "judge"))


def judge(*answers: str | Exception) -> tuple[JudgeChecker, ScriptedAsker]:
    asker = ScriptedAsker(*answers)
    return JudgeChecker(CheckerTools(GroundSettings(), EncoderSettings(), asker)), asker


def test_a_verdict_becomes_a_score() -> None:
    checker, asker = judge(SUPPORTED, CONTRADICTED)
    good, bad = checker.check([CASE, CASE])
    assert good.score is not None
    assert bad.score is not None
    assert good.score > 0.9 > 0.1 > bad.score
    assert (good.contradicts, bad.contradicts) == (False, True)
    assert asker.asked[0][2] == {"claim": CASE.claim.text, "evidence": CASE.quotes}


def test_json_in_a_fence_is_json() -> None:
    checker, _ = judge(f"```json\n{SUPPORTED}\n```")
    assert checker.check([CASE])[0].error is None


def test_what_cannot_be_read_is_asked_for_once_more() -> None:
    checker, asker = judge("Supported!", SUPPORTED)
    assert checker.check([CASE])[0].error is None
    assert [sampling.temperature for _, sampling, _ in asker.asked] == [0.0, 0.7]


@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "supported",
                '{"verdict": "supported"}',
                '{"verdict": "yes", "reason": ""}',
                '{"verdict": "supported", "reason": 1}',
                f"{SUPPORTED} So it is supported.",
                SUPPORTED.replace("}", ', "more": 1}'),
                "[]",
                "null",
            ]
        ),
    )
)
def test_what_can_never_be_read_is_an_error_and_no_score(said: str) -> None:
    checker, _ = judge(said, said)
    (check,) = checker.check([CASE])
    assert check.score is None
    assert check.error is not None
    assert "judge failed" in check.error


def test_a_model_that_fails_for_one_claim_says_nothing_of_the_next() -> None:
    checker, _ = judge(GenerationError("It broke."), SUPPORTED)
    first, second = checker.check([CASE, CASE])
    assert first.error == "The checker judge failed: It broke."
    assert second.error is None


def test_only_claims_in_doubt_are_judged(encoder: Encoder) -> None:
    asker = ScriptedAsker(SUPPORTED, SUPPORTED, SUPPORTED)
    settings = JUDGED.model_copy(update={"doubt_from": 0.1, "doubt_to": 0.9})
    grounder = load_grounder(settings, EncoderSettings(), encoder, asker)
    answer = "Mount Etna is the most active volcano in Europe. Penguins rule all of France."
    grounding = grounder.ground(answer, [chunk("volcano")])
    assert [verdict.label for verdict in grounding.verdicts] == ["supported", "unsupported"]
    assert asker.asked == []


def test_the_judge_decides_what_is_in_doubt(encoder: Encoder) -> None:
    settings = JUDGED.model_copy(update={"doubt_from": 0.0, "doubt_to": 1.0})
    for said, label in ((SUPPORTED, "supported"), ("?", "error")):
        grounder = load_grounder(settings, EncoderSettings(), encoder, ScriptedAsker(said, said))
        answer = "Europe's most active volcano is called Mount Etna."
        (verdict,) = grounder.ground(answer, [chunk("volcano")]).verdicts
        assert verdict.label == label


@pytest.mark.parametrize(
    "name", [n for n, entry in CHECKERS.items() if entry.cost is CheckerCost.LANGUAGE_MODEL]
)
def test_without_a_model_the_setting_is_named(name: str) -> None:
    with pytest.raises(
        SettingsError, match=rf"{name} needs a language model; set generator\.model"
    ):
        load_checkers([name], CheckerTools(GroundSettings(), EncoderSettings()))
