"""Differences that chance explains are not called significant."""

from __future__ import annotations

import numpy as np
import pytest

from eval.significance import compare, holm, randomisation_test


def test_with_few_questions_every_flip_of_signs_is_counted() -> None:
    # All eight sums of ±1 ±1 ±1: two of them are as far from 0 as 3.
    assert randomisation_test(np.ones((1, 3))) == pytest.approx([2 / 8])


def test_one_question_shows_nothing() -> None:
    assert randomisation_test(np.ones((2, 1))) == [1, 1]


def test_equal_systems_do_not_differ() -> None:
    assert randomisation_test(np.zeros((1, 20))) == [1]


def test_a_consistent_difference_is_significant_and_a_noisy_one_is_not() -> None:
    random = np.random.default_rng(0)
    baseline = random.uniform(size=200)
    noise = baseline + random.normal(scale=0.2, size=200)
    better = baseline + 0.05 + random.normal(scale=0.05, size=200)
    compared = compare(baseline.tolist(), {"noise": noise.tolist(), "better": better.tolist()})
    assert compared["better"].significant
    assert compared["better"].difference == pytest.approx(0.05, abs=0.02)
    assert not compared["noise"].significant


def test_the_same_values_give_the_same_p_value_in_either_direction() -> None:
    differences = np.random.default_rng(1).normal(size=(2, 60))
    assert randomisation_test(differences) == randomisation_test(differences)
    assert randomisation_test(differences) == pytest.approx(randomisation_test(-differences))


def test_the_test_agrees_with_the_t_test_where_that_holds() -> None:
    from scipy.stats import ttest_1samp

    differences = np.random.default_rng(2).normal(loc=0.05, size=(5, 300))
    expected = ttest_1samp(differences, 0, axis=1).pvalue
    assert randomisation_test(differences) == pytest.approx(expected, abs=0.02)


def test_nothing_to_compare_is_no_error() -> None:
    assert compare([0.5], {}) == {}


def test_holm_is_that_worked_out_by_hand() -> None:
    p_values = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}
    # Ascending times 4, 3, 2, 1, never falling: .02, .03, .06, .04 → .06.
    assert holm(p_values) == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})


def test_holm_keeps_p_values_at_most_one() -> None:
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
