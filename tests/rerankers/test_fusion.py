"""Fusion by rank and by score as their papers define them, and their properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerankers.fusion import arctangent, min_max, reciprocal_rank_fusion, weighted_sum

if TYPE_CHECKING:
    from random import Random

    from rerankers.fusion import Normalize

ids = st.sampled_from("abcdefghij")
ranking = st.lists(ids, unique=True, max_size=10)
rankings = st.lists(ranking, min_size=1, max_size=5)
rank_constants = st.floats(0, 1000)


def test_the_score_is_the_sum_of_reciprocal_ranks_from_one() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], rank_constant=60)
    assert fused == [("b", 1 / 62 + 1 / 61), ("a", 1 / 61), ("c", 1 / 62)]


def test_weights_multiply_their_ranking() -> None:
    fused = reciprocal_rank_fusion([["a"], ["b"]], rank_constant=1, weights=[1, 3])
    assert fused == [("b", 1.5), ("a", 0.5)]


def test_a_ranking_of_weight_zero_adds_its_ids_but_no_score() -> None:
    assert reciprocal_rank_fusion([["a"], ["b"]], weights=[1, 0])[1] == ("b", 0.0)


def test_equal_scores_are_ordered_by_best_rank_then_id() -> None:
    by_rank = reciprocal_rank_fusion([["z", "a"], ["b"]], rank_constant=0, weights=[1, 0.5])
    assert by_rank == [("z", 1.0), ("b", 0.5), ("a", 0.5)]
    assert reciprocal_rank_fusion([["b"], ["a"]], rank_constant=0) == [("a", 1.0), ("b", 1.0)]


def test_no_rankings_fuse_to_nothing() -> None:
    assert reciprocal_rank_fusion([]) == []


@given(st.permutations([["a", "b"], ["b", "c", "a"], ["d"], []]), rank_constants)
def test_the_order_of_equally_weighted_rankings_changes_nothing(
    shuffled: list[list[str]], constant: float
) -> None:
    fused = reciprocal_rank_fusion(sorted(shuffled), rank_constant=constant)
    assert reciprocal_rank_fusion(shuffled, rank_constant=constant) == fused


@given(rankings, st.randoms(use_true_random=False), rank_constants)
def test_any_rankings_in_any_order_give_the_same_list(
    given_: list[list[str]], random: Random, constant: float
) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    fused = reciprocal_rank_fusion(given_, rank_constant=constant)
    assert reciprocal_rank_fusion(shuffled, rank_constant=constant) == fused


@given(ranking, rank_constants)
def test_one_ranking_keeps_its_order(given_: list[str], constant: float) -> None:
    assert [id_ for id_, _ in reciprocal_rank_fusion([given_], rank_constant=constant)] == given_


@given(rankings, rank_constants)
def test_scores_lie_between_nothing_and_first_everywhere(
    given_: list[list[str]], constant: float
) -> None:
    fused = reciprocal_rank_fusion(given_, rank_constant=constant)
    assert {id_ for id_, _ in fused} == {id_ for ranking in given_ for id_ in ranking}
    most = len(given_) / (constant + 1)
    assert all(0 < score <= most * (1 + 1e-12) for _, score in fused)


@given(rankings, rank_constants)
def test_an_id_that_is_first_in_all_rankings_is_first(
    given_: list[list[str]], constant: float
) -> None:
    led = [["first", *ranking] for ranking in given_]
    assert reciprocal_rank_fusion(led, rank_constant=constant)[0][0] == "first"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"weights": [1.0]}, "as many weights"),
        ({"weights": [1.0, -1.0]}, "not negative"),
        ({"weights": [1.0, float("nan")]}, "finite"),
        ({"rank_constant": -1}, "not negative"),
    ],
)
def test_arguments_without_meaning_are_refused(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        reciprocal_rank_fusion([["a"], ["b"]], **arguments)


def test_a_repeated_id_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        reciprocal_rank_fusion([["a", "a"]])


scored = st.dictionaries(ids, st.floats(-100, 100), max_size=8).map(
    lambda found: sorted(found.items(), key=lambda item: -item[1])
)
norms = st.sampled_from([arctangent, min_max])


def test_the_weighted_sum_adds_weighted_normalized_scores() -> None:
    fused = weighted_sum(
        [[("a", 3.0), ("b", 2.0), ("c", 1.0)], [("c", 10.0), ("b", 0.0)]],
        normalize=min_max,
        weights=[1, 2],
    )
    assert fused == [("c", 2.0), ("a", 1.0), ("b", 0.5)]


def test_the_arctangent_maps_nothing_to_one_half() -> None:
    assert arctangent([0.0, 1.0, -1.0]) == pytest.approx([0.5, 0.75, 0.25])


def test_equal_scores_are_all_the_greatest() -> None:
    assert min_max([2.0, 2.0]) == [1.0, 1.0]
    assert min_max([]) == []


@given(st.lists(st.floats(-1e6, 1e6), max_size=10), norms)
def test_normalized_scores_lie_between_0_and_1_in_the_same_order(
    scores: list[float], normalize: Normalize
) -> None:
    normalized = normalize(scores)
    assert all(0 <= score <= 1 for score in normalized)
    in_order = sorted(range(len(scores)), key=lambda place: scores[place])
    assert [normalized[place] for place in in_order] == sorted(normalized)


@given(scored, norms)
def test_one_scored_ranking_keeps_its_scores_normalized(
    given_: list[tuple[str, float]], normalize: Normalize
) -> None:
    fused = dict(weighted_sum([given_], normalize=normalize))
    assert fused == dict(
        zip([id_ for id_, _ in given_], normalize([s for _, s in given_]), strict=True)
    )


@given(st.lists(scored, min_size=1, max_size=4), st.randoms(use_true_random=False), norms)
def test_the_order_of_scored_rankings_changes_nothing(
    given_: list[list[tuple[str, float]]], random: Random, normalize: Normalize
) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert weighted_sum(shuffled, normalize=normalize) == weighted_sum(given_, normalize=normalize)
