"""One question's way to ranked passages, on the real engine and the real models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import CollectionMismatchError, CollectionNotFoundError, EmptyQuestionError
from rag.retrieve import clean_question
from rag.settings import SearchSettings
from rag.store.base import CollectionSpec
from rag.store.filters import Compare, Comparison
from rag.types import Details, Leg, Rerank
from rerankers.fusion import reciprocal_rank_fusion
from rerankers.maxsim import maxsim
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.service import Rag

HOSTILE = [
    "what is C++ RAII?",
    'the "waggle dance',
    "dance: bees",
    "bees) OR (moon",
    "AND bees NOT",
    "~bees^2 dance*",
    "bees \\ 'dance'; drop table",
    "🐝 honey bees dance",
    "bees\x00dance",
    "bees \ud800 dance",
    "東京の人口は？",
    "where do honey bees dance? " * 4000,
]


@given(st.text())
def test_a_cleaned_question_is_text_or_refused(question: str) -> None:
    try:
        cleaned = clean_question(question)
    except EmptyQuestionError:
        return
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")


@pytest.mark.parametrize("question", ["", "   \n", "\x00\x07", "\ud800"])
def test_an_empty_question_is_refused(rag: Rag, corpus: str, question: str) -> None:
    with pytest.raises(EmptyQuestionError):
        rag.search(question, collection=corpus)


@pytest.mark.parametrize("question", HOSTILE, ids=lambda q: ascii(q[:20]))
def test_no_question_is_too_strange_to_be_answered(rag: Rag, corpus: str, question: str) -> None:
    assert rag.search(question, collection=corpus).passages


@pytest.mark.parametrize(
    "question", [q for q in HOSTILE if "bees" in q], ids=lambda q: ascii(q[:20])
)
def test_full_text_alone_finds_plain_words_among_hostile_signs(
    rag: Rag, corpus: str, question: str
) -> None:
    only_fulltext = SearchSettings(legs=(Leg.FULLTEXT,), rerank=Rerank.NONE)
    passages = rag.search(question, collection=corpus, options=only_fulltext).passages
    assert "bees" in {p.chunk.doc_id for p in passages}


def test_ranks_count_from_one_and_scores_fall(rag: Rag, corpus: str) -> None:
    passages = rag.search("Which volcano erupts in Europe?", collection=corpus).passages
    assert [p.rank for p in passages] == list(range(1, len(TEXTS) + 1))
    assert passages[0].chunk.doc_id == "volcano"
    scores = [p.score for p in passages]
    assert scores == sorted(scores, reverse=True)


def test_the_score_is_exact_maxsim_and_relevance_its_mean_per_token(rag: Rag, corpus: str) -> None:
    question = "Which volcano erupts in Europe?"
    by_maxsim = SearchSettings(rerank=Rerank.TENSOR)
    best = rag.search(question, collection=corpus, options=by_maxsim).passages[0]
    tokens = rag.encoder.encode_question(question).tokens
    document = rag.encoder.encode_documents([TEXTS["volcano"]])[0].tokens
    expected = maxsim(tokens, document, [0, len(document)])[0]
    assert best.score == pytest.approx(expected, abs=1e-4)
    assert best.relevance == pytest.approx(expected / len(tokens), abs=1e-5)


def test_without_rerank_the_score_is_rrf_of_the_leg_ranks_and_no_relevance_is_claimed(
    rag: Rag, corpus: str
) -> None:
    options = SearchSettings(rerank=Rerank.NONE)
    result = rag.search(
        "tides at full moon", collection=corpus, options=options, details=Details.LEG_RANKS
    )
    rankings = [
        [p.chunk.id for p in sorted(result.passages, key=lambda p: p.leg_ranks[leg] or 0)
         if p.leg_ranks[leg]]
        for leg in options.legs
    ]  # fmt: skip
    expected = dict(reciprocal_rank_fusion(rankings, rank_constant=60))
    for passage in result.passages:
        assert passage.relevance is None
        assert passage.score == pytest.approx(expected[passage.chunk.id], abs=1e-6)


def test_the_rank_in_each_leg_is_told_where_asked_for(rag: Rag, corpus: str) -> None:
    best = rag.search("tides at full moon", collection=corpus, details=Details.LEG_RANKS).passages[
        0
    ]
    assert best.leg_ranks == {Leg.DENSE: 1, Leg.SPARSE: 1, Leg.FULLTEXT: 1}


def test_a_filter_holds_in_every_leg(rag: Rag, corpus: str) -> None:
    where = Compare("length", Comparison.LT, 100)
    found = rag.search("bees dance", collection=corpus, where=where).passages
    assert {p.chunk.doc_id for p in found} == {k for k, t in TEXTS.items() if len(t) < 100}


def test_an_empty_collection_says_so(rag: Rag, collection_name: str) -> None:
    rag.store.create_collection(CollectionSpec(collection_name, rag.encoder.info))
    result = rag.search("anything", collection=collection_name)
    assert result.passages == ()
    assert "empty" in result.notices[0]


def test_a_question_beyond_the_models_limit_says_what_was_used(rag: Rag, corpus: str) -> None:
    result = rag.search("bees dance " * 9000, collection=corpus)
    assert "first 256" in result.notices[0]


def test_an_unknown_collection_is_named_with_those_that_exist(rag: Rag, corpus: str) -> None:
    with pytest.raises(CollectionNotFoundError, match=corpus):
        rag.search("bees", collection="nowhere")


def test_a_collection_of_another_encoder_is_refused_with_both_named(
    rag: Rag, collection_name: str
) -> None:
    from dataclasses import replace

    from rag.encoders.base import ModelInfo

    other = replace(rag.encoder.info, models=(ModelInfo("dense", "other", "0" * 64, "", ""),))
    rag.store.create_collection(CollectionSpec(collection_name, other))
    with pytest.raises(CollectionMismatchError, match=r"dense: other@.*MiniLM"):
        rag.search("bees", collection=collection_name)
