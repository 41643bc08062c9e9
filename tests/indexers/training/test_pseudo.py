"""Topical questions are cropped from text, and documents are cut into whole sentences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.training.pseudo import (
    joined,
    read_unlabelled,
    topical_questions,
    whole_sentences,
)
from rag.errors import SourceError
from tests.indexers.training.texts import ANIMALS, PASSAGES

if TYPE_CHECKING:
    from pathlib import Path


def test_a_question_is_a_sentence_of_its_passage() -> None:
    questions = topical_questions(PASSAGES, titles=False, seed=0)
    assert len(questions) == len(PASSAGES.texts)
    assert all(question.text in PASSAGES.texts[question.passage] for question in questions)


def test_titles_are_questions_too() -> None:
    questions = topical_questions(PASSAGES, titles=True, seed=0)
    assert {question.text for question in questions} >= set(ANIMALS)


def test_short_articles_ask_nothing() -> None:
    few = type(PASSAGES)(PASSAGES.texts[:3], PASSAGES.groups[:3])
    assert topical_questions(few, titles=True, seed=0) == []


def test_joining_keeps_the_indices_of_the_first() -> None:
    both = joined(PASSAGES, PASSAGES)
    assert both.texts[: len(PASSAGES.texts)] == PASSAGES.texts
    assert len(both.texts) == len(both.groups) == 2 * len(PASSAGES.texts)


@given(st.lists(st.text("ab ", min_size=1).filter(str.strip), max_size=20), st.integers(1, 9))
def test_pieces_hold_every_sentence_once(sentences: list[str], words: int) -> None:
    pieces = list(whole_sentences(sentences, words))
    assert " ".join(pieces) == " ".join(sentences)
    assert all(len(piece.split()) >= words for piece in pieces[:-1])


def test_unlabelled_documents_become_groups_of_passages(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    text = "The bees of this valley gather before the sun has come up. " * 30
    path.write_text(json.dumps({"docid": "d1", "text": text}), encoding="utf-8")
    passages = read_unlabelled(path)
    assert set(passages.groups) == {"d1"}
    assert len(passages.texts) > 1


def test_a_line_without_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"docid": "d1"}', encoding="utf-8")
    with pytest.raises(SourceError, match=r"corpus\.jsonl:1 is no record"):
        read_unlabelled(path)
