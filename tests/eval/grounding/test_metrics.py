"""Figures of grounding, held against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.grounding.metrics import (
    called_by_folds,
    f1_of_unsupported,
    hard_half,
    quality,
    roc_auc,
)

SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.booleans()), min_size=2)


@given(SCORED)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[float, bool]]) -> None:
    scores, grounded = np.array([s for s, _ in rows]), np.array([g for _, g in rows])
    good, bad = scores[grounded], scores[~grounded]
    if not len(good) or not len(bad):
        assert np.isnan(roc_auc(scores, grounded))
        return
    pairs = [(a > b) + (a == b) / 2 for a in good for b in bad]
    assert roc_auc(scores, grounded) == pytest.approx(np.mean(pairs))


def test_f1_is_of_the_unsupported() -> None:
    grounded = np.array([True, False, False, False])
    called = np.array([False, False, False, True])
    assert f1_of_unsupported(grounded, called) == pytest.approx(2 / 3)


def test_the_hard_half_lies_between_the_quartiles() -> None:
    assert hard_half(np.arange(8.0)).tolist() == [False, False, *[True] * 4, False, False]


def test_shuffled_scores_are_worth_nothing() -> None:
    rng = np.random.default_rng(0)
    grounded = rng.random(2000) < 0.4
    scores = grounded + 0.5 * rng.random(2000)
    whole = quality(scores, grounded, scores > 0.9)
    shuffled = quality(rng.permutation(scores), grounded, scores > 0.9)
    assert whole is not None
    assert shuffled is not None
    assert whole.auc.value == 1
    assert shuffled.auc.low < 0.5 < shuffled.auc.high


def test_a_fold_is_called_by_a_threshold_that_it_had_no_part_in() -> None:
    grounded = np.array([True, False] * 10)
    scores = np.where(grounded, 0.9, 0.1)
    folds = np.arange(20) % 5
    assert (called_by_folds(scores, grounded, folds) == grounded).all()
    scores[folds == 0] = 1 - scores[folds == 0]  # what this fold says for itself is not asked
    assert (called_by_folds(scores, grounded, folds)[folds == 0] != grounded[folds == 0]).all()


def test_one_label_has_no_quality() -> None:
    assert quality(np.array([0.1]), np.array([True]), np.array([True])) is None
