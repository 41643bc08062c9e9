"""The nli checker takes any classifier of pairs, and reports what it did not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SettingsError
from rag.ground.checker import CheckerTools, load_checkers
from rag.settings import EncoderSettings, GroundSettings
from tests.rag.encoders.families.test_entailment import MNLI, folder_of
from tests.rag.ground.cases import plain_case

if TYPE_CHECKING:
    from pathlib import Path

    from rag.ground.checker import Checker


def nli(model: str | None) -> Checker:
    tools = CheckerTools(GroundSettings(nli=model), EncoderSettings(device="cpu", offline=True))
    (checker,) = load_checkers(["nli"], tools)
    return checker


def test_a_folder_of_a_classifier_checks_claims(tmp_path: Path) -> None:
    checker = nli(str(folder_of(tmp_path, MNLI["nli-deberta-v3-base"])))
    cases = [plain_case("the dogs ran", "the cat sat"), plain_case("a park", "a park")]
    checks = checker.check(cases)
    assert len(checks) == 2
    for check in checks:
        assert check.score is not None
        assert 0 <= check.score <= 1
        assert check.signals["entailment"] == check.score
        assert check.contradicts is (check.signals["contradiction"] <= 0.5)
        assert check.notices == ()


def test_a_claim_that_was_not_read_whole_is_reported(tmp_path: Path) -> None:
    checker = nli(str(folder_of(tmp_path, ["LABEL_0"])))
    (check,) = checker.check([plain_case("dogs ran far away and " * 20, "the cat sat")])
    assert "read only the first" in check.notices[0]


@pytest.mark.parametrize("model", [None, "/no/such/folder"])
def test_a_model_that_is_not_there_is_named(model: str | None) -> None:
    with pytest.raises(SettingsError):
        nli(model)


def test_an_unknown_checker_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="alignment, facts, nli"):
        load_checkers(["psychic"], CheckerTools(GroundSettings(), EncoderSettings()))
