"""Run files hold the order that was found, in the format that trec_eval reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.trec import best_chunk_ranking, read_run, write_qrels, write_ranking

if TYPE_CHECKING:
    from pathlib import Path


def test_a_document_ranks_where_its_best_chunk_does() -> None:
    chunks = [("b", 0.9), ("a", 0.8), ("b", 0.7), ("c", 0.6), ("a", 0.5)]
    assert best_chunk_ranking(chunks) == [("b", 0.9), ("a", 0.8), ("c", 0.6)]


def test_lines_have_six_columns_and_ranks_from_one(tmp_path: Path) -> None:
    path = tmp_path / "a.trec"
    with path.open("w") as file:
        write_ranking(file, "q1", [("d2", 0.5), ("d1", 0.25)], "dense")
        write_ranking(file, "q2", [], "dense")
    assert path.read_text() == "q1 Q0 d2 1 0.5 dense\nq1 Q0 d1 2 0.25 dense\n"
    assert read_run(path) == {"q1": {"d2": 0.5, "d1": 0.25}}


def test_equal_scores_are_told_apart_in_the_order_found(tmp_path: Path) -> None:
    path = tmp_path / "a.trec"
    with path.open("w") as file:
        write_ranking(file, "q", [("b", 1.0), ("c", 1.0), ("a", 1.0)], "tag")
    scores = read_run(path)["q"]
    assert scores["b"] == 1.0
    assert 1.0 > scores["c"] > scores["a"] > 0.999999


def test_qrels_have_four_columns(tmp_path: Path) -> None:
    path = tmp_path / "qrels.trec"
    with path.open("w") as file:
        write_qrels(file, {"q": {"d1": 2, "d2": 0}})
    assert path.read_text() == "q 0 d1 2\nq 0 d2 0\n"
