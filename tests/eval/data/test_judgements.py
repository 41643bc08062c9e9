"""Qrels in every shape that test collections come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.data.judgements import read_qrels, to_qrels
from rag.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "q1\tQ0\td1\t1\nq1\tQ0\td2\t0\n",
        "q1 0 d1 1\nq1 0 d2 0",
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n",
        "q1\td1\t1\r\nq1\td2\t0\r\n",
    ],
    ids=["mldr", "trec", "beir", "three columns from Windows"],
)
def test_three_or_four_columns_with_or_without_a_heading(tmp_path: Path, text: str) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(text)
    assert to_qrels(read_qrels(path)) == {"q1": {"d1": 1, "d2": 0}}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("q1 d1", "2 columns"),
        ("q1 0 d1 1 x", "5 columns"),
        ("q1 0 d1 yes", "'yes'"),
        ("q1 0 d1 0.5", "no whole number"),
        ("q1 0 d1 score", "no whole number"),
        ("q0 0 d0 2", "judges d0 for q0 unlike"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(f"q0 0 d0 1\n{line}\n")
    with pytest.raises(SourceError, match=rf"qrels\.tsv:2 .*{what}"):
        list(read_qrels(path))


def test_the_same_judgement_twice_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text("q0 0 d0 1\nq0 0 d0 1\n")
    assert to_qrels(read_qrels(path)) == {"q0": {"d0": 1}}
