"""Training pairs are read whole, and whole articles are held out."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from indexers.training.passages import read_pairs, split_groups
from rag.errors import SourceError
from tests.indexers.training.texts import PASSAGES, write_pairs

if TYPE_CHECKING:
    from pathlib import Path


def test_every_question_knows_its_passage(tmp_path: Path) -> None:
    passages, questions = read_pairs(write_pairs(tmp_path / "pairs.jsonl"))
    assert passages.texts == PASSAGES.texts
    assert [question.passage for question in questions] == list(range(50))
    assert questions[7].text == "When do cats gather?"


def test_a_gzipped_file_is_read_alike(tmp_path: Path) -> None:
    plain = write_pairs(tmp_path / "pairs.jsonl")
    packed = tmp_path / "pairs.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_pairs(packed)[0] == read_pairs(plain)[0]


@pytest.mark.parametrize("line", ["no JSON", '{"title": "bees"}', "[]"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"title": "a", "paragraph": "b", "questions": []}\n' + line, encoding="utf-8")
    with pytest.raises(SourceError, match=r"pairs\.jsonl:2 is no"):
        read_pairs(path)


def test_the_same_seed_holds_out_the_same_articles() -> None:
    out = split_groups(PASSAGES, 0.2, seed=3)
    assert len(out) == 2
    assert out == split_groups(PASSAGES, 0.2, seed=3)
    assert out != split_groups(PASSAGES, 0.2, seed=4)
