"""Scores of pairs become a ranking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerankers.cross_encoder import best_windows, rank_by_score

FINITE = st.floats(-50, 50, allow_nan=False)


@given(st.lists(st.lists(FINITE, min_size=1, max_size=5), max_size=8))
def test_a_document_scores_as_its_best_window(documents: list[list[float]]) -> None:
    flat = np.array([score for windows in documents for score in windows])
    best = best_windows(flat, [len(windows) for windows in documents])
    assert best.tolist() == [max(windows) for windows in documents]


@given(st.lists(FINITE, max_size=20))
def test_a_ranking_is_the_candidates_by_score_with_ties_in_the_order_given(
    scores: list[float],
) -> None:
    ranking = rank_by_score(range(len(scores)), scores)
    assert sorted(id_ for id_, _ in ranking) == list(range(len(scores)))
    assert all(scores[id_] == score for id_, score in ranking)
    keys = [(-score, id_) for id_, score in ranking]
    assert keys == sorted(keys)


@pytest.mark.parametrize("windows", [[0, 3], [2], [2, 2], [4, -1]])
def test_window_counts_must_fit_the_scores(windows: list[int]) -> None:
    with pytest.raises(ValueError, match="3 scores"):
        best_windows(np.zeros(3), windows)


def test_what_is_no_number_or_lacks_a_partner_has_no_rank() -> None:
    with pytest.raises(ValueError, match="finite"):
        rank_by_score(["a"], [float("nan")])
    with pytest.raises(ValueError, match="shorter"):
        rank_by_score(["a", "b"], [1.0])
