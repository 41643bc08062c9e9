"""Texts from anywhere, ranked by late interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import EmptyQuestionError
from rag.rerank_texts import rank_texts
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.service import Rag

QUESTION = "Which volcano in Europe is the most active?"


def test_the_text_that_answers_comes_first(encoder: Encoder) -> None:
    names = list(TEXTS)
    ranked = rank_texts(encoder, QUESTION, list(TEXTS.values()))
    assert names[ranked[0].index] == "volcano"
    assert sorted(text.index for text in ranked) == list(range(len(TEXTS)))


def test_relevances_fall_and_stay_within_one(encoder: Encoder) -> None:
    relevances = [text.relevance for text in rank_texts(encoder, QUESTION, list(TEXTS.values()))]
    assert relevances == sorted(relevances, reverse=True)
    assert all(-1 <= relevance <= 1 for relevance in relevances)


def test_the_relevance_is_that_of_a_search(rag: Rag, corpus: str) -> None:
    found = rag.search(QUESTION, collection=corpus).passages[0]
    text = found.chunk.text  # this corpus is encoded without titles
    assert found.relevance == pytest.approx(rag.rerank(QUESTION, [text])[0].relevance, abs=1e-5)


def test_equal_texts_keep_their_order(encoder: Encoder) -> None:
    ranked = rank_texts(encoder, QUESTION, ["Etna.", "Etna.", "Etna."])
    assert [text.index for text in ranked] == [0, 1, 2]


def test_a_text_longer_than_the_encoder_reads_counts_as_its_best_window(encoder: Encoder) -> None:
    filler = "The starter is fed with flour and water every day. " * 60
    long, short = rank_texts(encoder, QUESTION, [filler + TEXTS["volcano"], filler])
    assert (long.index, short.index) == (0, 1)
    alone = rank_texts(encoder, QUESTION, [TEXTS["volcano"]])[0]
    assert long.relevance == pytest.approx(alone.relevance, abs=0.1)


def test_an_empty_text_comes_last_and_no_texts_give_no_ranking(encoder: Encoder) -> None:
    assert rank_texts(encoder, QUESTION, ["", TEXTS["volcano"]])[-1].index == 0
    assert rank_texts(encoder, QUESTION, []) == []


def test_an_empty_question_is_refused(rag: Rag) -> None:
    with pytest.raises(EmptyQuestionError):
        rag.rerank("  ", ["a text"])
