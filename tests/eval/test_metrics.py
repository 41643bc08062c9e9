"""The library's measures are those of the textbook, worked out by hand."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.data.trec import read_run, write_ranking
from eval.metrics import MAIN_MEASURE, evaluate, means

if TYPE_CHECKING:
    from pathlib import Path

QRELS = {"q1": {"a": 3, "b": 2, "c": 1, "x": 0}, "q2": {"d": 1}}
RUN = {"q1": {"b": 5.0, "x": 4.0, "a": 3.0, "y": 2.0}, "q2": {"z": 1.0, "d": 0.5}}


def test_ndcg_is_that_worked_out_by_hand() -> None:
    values = evaluate(QRELS, RUN)["nDCG@10"]
    # q1: gains 2, 0, 3, 0 at ranks 1 to 4; ideal 3, 2, 1. q2: gain 1 at rank 2; ideal 1.
    found = 2 / log2(2) + 3 / log2(4)
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert values == pytest.approx({"q1": found / ideal, "q2": (1 / log2(3)) / 1})


def test_recall_and_reciprocal_rank_are_those_worked_out_by_hand() -> None:
    values = evaluate(QRELS, RUN)
    assert values["recall@10"] == pytest.approx({"q1": 2 / 3, "q2": 1})
    assert values["recall@100"] == pytest.approx({"q1": 2 / 3, "q2": 1})
    assert values["MRR@10"] == pytest.approx({"q1": 1, "q2": 1 / 2})


def test_cut_offs_are_where_their_names_say() -> None:
    run = {"q2": {f"z{i:03}": 200.0 - i for i in range(10)} | {"d": 1.0}}
    values = evaluate({"q2": {"d": 1}}, run)
    assert values["nDCG@10"] == values["recall@10"] == values["MRR@10"] == {"q2": 0}
    assert values["recall@100"] == {"q2": 1}


def test_a_question_for_which_nothing_was_found_counts_as_nothing() -> None:
    values = evaluate(QRELS, {"q1": RUN["q1"]})
    assert values[MAIN_MEASURE]["q2"] == 0
    assert means(values)[MAIN_MEASURE] == pytest.approx(values[MAIN_MEASURE]["q1"] / 2)


def test_every_question_is_there_in_the_order_of_the_qrels() -> None:
    backwards = dict(reversed(QRELS.items()))
    assert all(list(by_query) == ["q2", "q1"] for by_query in evaluate(backwards, RUN).values())


@given(st.permutations(range(12)))
def test_no_order_beats_the_ideal_one_and_a_shuffled_run_scores_lower(order: list[int]) -> None:
    relevance = [3, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0]
    qrels = {"q": {f"d{i}": grade for i, grade in enumerate(relevance)}}
    shuffled = evaluate(qrels, {"q": {f"d{d}": -float(rank) for rank, d in enumerate(order)}})
    ideal_order = [relevance[d] for d in order] == relevance
    assert (shuffled["nDCG@10"]["q"] == pytest.approx(1.0)) == ideal_order


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30).map("d{}".format),
            st.floats(-3, 3, width=32) | st.sampled_from([0.0, 1 / 61, 1 / 62]),
        ),
        min_size=1,
        unique_by=lambda item: item[0],
    )
)
def test_a_run_file_scores_as_the_ranking_that_it_holds(
    tmp_path_factory: pytest.TempPathFactory, ranking: list[tuple[str, float]]
) -> None:
    """Also with equal scores, which scorers would order by id."""
    ranking.sort(key=lambda item: -item[1])
    path: Path = tmp_path_factory.mktemp("run") / "a.trec"
    with path.open("w") as file:
        write_ranking(file, "q", ranking, "tag")
    qrels = {"q": {f"d{i}": i % 3 for i in range(31)}}
    by_rank = {"q": {doc_id: -float(rank) for rank, (doc_id, _) in enumerate(ranking)}}
    assert evaluate(qrels, read_run(path)) == evaluate(qrels, by_rank)
