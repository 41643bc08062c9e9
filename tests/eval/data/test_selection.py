"""A limited evaluation keeps questions together with the documents that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.data.formats import read_files
from eval.data.selection import Limits, select
from rag.errors import InputError
from tests.eval.collection import QUESTIONS, write_beir, write_qrels

if TYPE_CHECKING:
    from pathlib import Path

    from eval.data.datasets import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return read_files(*write_beir(tmp_path))


def test_without_limits_everything_is_used_and_nothing_is_partial(dataset: Dataset) -> None:
    selection = select(dataset, Limits())
    assert selection.questions == dataset.questions
    assert set(selection.required) == {doc_id for _, doc_id in QUESTIONS.values()}
    assert not Limits().partial


@pytest.mark.parametrize("limits", [Limits(docs=3), Limits(queries=3), Limits(docs=3, queries=99)])
def test_a_limit_takes_the_first_questions_and_is_partial(dataset: Dataset, limits: Limits) -> None:
    selection = select(dataset, limits)
    assert selection.questions == dataset.questions[:3]
    assert list(selection.qrels) == list(QUESTIONS)[:3]
    assert limits.partial


def test_a_question_whose_documents_do_not_fit_is_passed_over(tmp_path: Path) -> None:
    corpus, queries, _ = write_beir(tmp_path)
    rows = [("q-bees", "bees", 1), ("q-bees", "moon", 1), ("q-king", "chess", 1)]
    dataset = read_files(corpus, queries, write_qrels(tmp_path / "x.tsv", rows))
    assert [question.id for question in select(dataset, Limits(docs=1)).questions] == ["q-king"]


def test_limits_that_leave_no_question_are_refused(tmp_path: Path) -> None:
    corpus, queries, _ = write_beir(tmp_path)
    rows = [("q-bees", "bees", 1), ("q-bees", "moon", 1)]
    dataset = read_files(corpus, queries, write_qrels(tmp_path / "x.tsv", rows))
    with pytest.raises(InputError, match="raise the limits"):
        select(dataset, Limits(docs=1))
