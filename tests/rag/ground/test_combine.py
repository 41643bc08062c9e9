"""A combination is calibrated, monotone, and says nothing where a checker failed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.ground.combine import (
    OWN_WEIGHTS,
    Combination,
    Fit,
    Thresholds,
    combination_from,
    load_combination,
    signals_of,
)
from rag.settings import GroundSettings
from rag.types import Check, CheckerFamily

if TYPE_CHECKING:
    from pathlib import Path

SHARES = st.floats(0, 1)
OWN = load_combination(None)
NAMES = sorted({name for fit in OWN.fits for name in fit.weights})


def check(checker: str, score: float | None = 0.5, **signals: float) -> Check:
    return Check(checker, CheckerFamily.FACT_OVERLAP, score, signals=signals)


@given(st.dictionaries(st.sampled_from(NAMES), SHARES), st.sampled_from(NAMES), SHARES)
def test_more_of_a_signal_never_lowers_the_score(
    signals: dict[str, float], name: str, value: float
) -> None:
    for fit in OWN.fits:
        less, more = sorted([value, signals.get(name, 1.0)])
        assert fit.score({**signals, name: less}) <= fit.score({**signals, name: more})


@given(st.dictionaries(st.sampled_from(NAMES), SHARES))
def test_scores_are_probabilities(signals: dict[str, float]) -> None:
    assert all(0 <= fit.score(signals) <= 1 for fit in OWN.fits)


def test_our_weights_say_what_they_were_fitted_on_and_cover_the_default_checkers() -> None:
    content = json.loads(OWN_WEIGHTS.read_text(encoding="utf-8"))
    assert content["date"]
    assert all(entry["name"] and entry["answers"] for entry in content["data"])
    fit = OWN.fit_for(GroundSettings().checkers)
    assert fit is not None
    assert fit.checkers == set(GroundSettings().checkers)
    assert 0 <= fit.thresholds.partially_supported <= fit.thresholds.supported <= 1


def test_the_fit_that_knows_most_of_the_checkers_is_used() -> None:
    thresholds = Thresholds(0.5, 0.2)
    small = Fit(frozenset({"a"}), 0.0, {"a.x": 1.0}, thresholds)
    large = Fit(frozenset({"a", "b"}), 0.0, {"b.x": 1.0}, thresholds)
    combination = Combination((small, large))
    assert combination.fit_for(["a", "b", "c"]) is large
    assert combination.fit_for(["a", "c"]) is small
    assert combination.fit_for(["c"]) is None


def test_a_checker_that_the_weights_do_not_know_is_one_more_opinion() -> None:
    known = [check("alignment", support=1.0), check("facts", name=1.0)]
    score = OWN.score(known)
    assert score is not None
    doubtful, sure = (OWN.score([*known, check("mine", value)]) for value in (0.01, 0.999999))
    assert doubtful is not None
    assert sure is not None
    assert doubtful < score < sure


def test_one_failed_checker_leaves_no_score() -> None:
    failed = replace(check("facts", None), error="it broke")
    assert OWN.score([check("alignment", 1.0, support=1.0), failed]) is None


def test_checkers_with_nothing_to_say_leave_no_score() -> None:
    assert OWN.score([check("mine", None)]) is None


def test_signals_carry_the_name_of_their_checker() -> None:
    assert signals_of([check("a", x=0.5), check("b", x=0.25)]) == {"a.x": 0.5, "b.x": 0.25}


def test_thresholds_of_the_settings_come_first() -> None:
    settings = GroundSettings(supported=0.3)
    found = OWN.thresholds(settings.checkers, settings)
    assert found.supported == 0.3
    assert found.partially_supported <= 0.3


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"fits": [{}], "data": []}'])
def test_files_that_hold_no_weights_are_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(content)
    with pytest.raises(SettingsError, match="cannot be read as weights"):
        load_combination(str(file))


def test_a_combination_is_what_its_file_says() -> None:
    fit = {
        "checkers": ["a"],
        "bias": -1,
        "weights": {"a.x": 2},
        "thresholds": {"supported": 0.6, "partially_supported": 0.2},
    }
    combination = combination_from({"fits": [fit], "data": [{"sha256": "f00"}]})
    assert combination.score([check("a", x=0.5)]) == pytest.approx(0.5)
    assert combination.data == {"f00"}
