"""A test collection is whole, or what is wrong with it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.data.datasets import read_questions
from eval.data.formats import read_files
from rag.errors import SourceError
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_beir, write_jsonl, write_qrels

if TYPE_CHECKING:
    from pathlib import Path


def test_documents_stream_in_file_order_with_their_line(tmp_path: Path) -> None:
    dataset = read_files(*write_beir(tmp_path))
    documents = dataset.documents()
    assert next(documents).id == next(iter(TEXTS))
    assert [document.id for document in documents] == list(TEXTS)[1:]
    assert [question.id for question in dataset.questions] == list(QUESTIONS)


def test_a_document_without_text_is_its_title(tmp_path: Path) -> None:
    _, queries, qrels = write_beir(tmp_path)
    corpus = write_jsonl(tmp_path / "c.jsonl", [{"docid": 7, "title": "Tides", "text": ""}])
    (document,) = read_files(corpus, queries, qrels).documents()
    assert (document.id, document.title, document.text) == ("7", "Tides", "Tides")


def test_an_id_that_comes_twice_is_named(tmp_path: Path) -> None:
    _, queries, qrels = write_beir(tmp_path)
    records = [{"id": "a", "text": "x"}, {"id": "b", "text": "x"}, {"id": "a", "text": "y"}]
    dataset = read_files(write_jsonl(tmp_path / "c.jsonl", records), queries, qrels)
    with pytest.raises(SourceError, match=r"c\.jsonl:3 has the id a"):
        list(dataset.documents())


def test_a_question_id_that_comes_twice_is_named(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "q.jsonl", [{"_id": "a", "text": "x"}] * 2)
    with pytest.raises(SourceError, match=r"q\.jsonl:2 has the id a"):
        list(read_questions(path))


def test_a_question_that_asks_nothing_is_named(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "q.jsonl", [{"_id": "a", "text": " \u0000 "}])
    with pytest.raises(SourceError, match=r"q\.jsonl:1 asks nothing"):
        list(read_questions(path))


def test_a_judgement_of_a_missing_question_is_named(tmp_path: Path) -> None:
    corpus, queries, _ = write_beir(tmp_path)
    qrels = write_qrels(tmp_path / "x.tsv", [("q-bees", "bees", 1), ("nobody", "bees", 1)])
    with pytest.raises(SourceError, match=r"x\.tsv:2 judges the question nobody"):
        read_files(corpus, queries, qrels)


def test_questions_without_a_relevant_document_are_left_out_and_counted(tmp_path: Path) -> None:
    corpus, queries, _ = write_beir(tmp_path)
    qrels = write_qrels(tmp_path / "x.tsv", [("q-bees", "bees", 1), ("q-king", "chess", 0)])
    dataset = read_files(corpus, queries, qrels)
    assert [question.id for question in dataset.questions] == ["q-bees"]
    assert dataset.unjudged == len(QUESTIONS) - 1


def test_a_collection_that_can_rate_nothing_is_refused(tmp_path: Path) -> None:
    corpus, queries, _ = write_beir(tmp_path)
    with pytest.raises(SourceError, match="No question"):
        read_files(corpus, queries, write_qrels(tmp_path / "x.tsv", [("q-king", "chess", 0)]))
