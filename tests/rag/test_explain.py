"""An explanation adds up: legs to the fused score, token matches to MaxSim."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

import pytest

from rag.encoders.families.heads.model import HeadsModel
from rag.encoders.families.one_pass import Side
from rag.settings import SearchSettings
from rag.store.base import CollectionSpec
from rag.types import (
    Details,
    DocumentRows,
    Fusion,
    Leg,
    Normalization,
    Passage,
    Rerank,
    Row,
    ScoredBy,
)
from tests.corpus import TEXTS, chunk

if TYPE_CHECKING:
    from rag.encoders.columns import ModelOutput
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.service import Rag

QUESTION = "Which volcano erupted in Europe?"
FUSIONS = {
    "rrf": SearchSettings(rerank=Rerank.NONE),
    "rrf, equal weights": SearchSettings(rerank=Rerank.NONE, weights=dict.fromkeys(Leg, 3.0)),
    "rrf, weights": SearchSettings(rerank=Rerank.NONE, weights={Leg.DENSE: 0.2, Leg.SPARSE: 2.0}),
    "min-max": SearchSettings(rerank=Rerank.NONE, fusion=Fusion.WEIGHTED_SUM),
    "arctangents": SearchSettings(
        rerank=Rerank.NONE,
        fusion=Fusion.WEIGHTED_SUM,
        normalization=Normalization.ATAN,
        weights={Leg.FULLTEXT: 0.5},
    ),
}


def explained(rag: Rag, corpus: str, **options: object) -> tuple[Passage, ...]:
    settings = SearchSettings(**options)
    return rag.search(
        QUESTION, collection=corpus, options=settings, details=Details.EXPLANATION
    ).passages


@pytest.mark.parametrize("options", FUSIONS.values(), ids=FUSIONS)
def test_the_fused_score_is_the_one_shown_and_its_shares_make_a_whole(
    rag: Rag, corpus: str, options: SearchSettings
) -> None:
    result = rag.search(QUESTION, collection=corpus, options=options, details=Details.EXPLANATION)
    assert result.scored_by is ScoredBy.FUSION
    for passage in result.passages:
        explanation = passage.explanation
        assert explanation is not None
        assert explanation.fused == pytest.approx(passage.score, abs=1e-5)
        shares = [leg.share for leg in explanation.legs.values()]
        assert fsum(shares) == pytest.approx(1 if explanation.fused else 0)
        assert passage.relevance is None


def test_each_leg_gives_its_rank_and_its_own_score(rag: Rag, corpus: str) -> None:
    best = explained(rag, corpus)[0]
    assert best.explanation is not None
    dense = best.explanation.legs[Leg.DENSE]
    question = rag.encoder.encode_question(QUESTION)
    (passage,) = rag.encoder.encode_documents([TEXTS["volcano"]])
    assert dense.rank == 1
    assert dense.score == pytest.approx(float(question.dense @ passage.dense), abs=1e-4)


@pytest.mark.parametrize("leg", Leg)
def test_every_leg_scores_its_ranks_in_falling_order(rag: Rag, corpus: str, leg: Leg) -> None:
    passages = explained(rag, corpus, legs=(leg,), rerank=Rerank.NONE)
    scores = [p.explanation.legs[leg].score for p in passages if p.explanation]
    assert len(scores) == len(passages) > 0
    assert [p.score for p in passages] == pytest.approx(scores, abs=1e-5)
    assert sorted(scores, key=lambda score: -(score or 0)) == scores


def test_one_leg_alone_has_no_fused_score(rag: Rag, corpus: str) -> None:
    (best, *_) = explained(rag, corpus, legs=(Leg.DENSE,))
    assert best.explanation is not None
    assert best.explanation.fused is None


def test_a_passage_outside_a_legs_candidates_has_neither_rank_nor_share(
    rag: Rag, corpus: str
) -> None:
    explanations = [p.explanation for p in explained(rag, corpus) if p.explanation]
    outside = [e.legs[Leg.FULLTEXT] for e in explanations if e.legs[Leg.FULLTEXT].rank is None]
    assert outside
    assert {(leg.score, leg.share) for leg in outside} == {(None, 0.0)}


def test_words_match_themselves_at_their_characters(rag: Rag, corpus: str) -> None:
    best = explained(rag, corpus)[0]
    assert best.explanation is not None
    for match in best.explanation.tokens:
        assert QUESTION[match.question.start : match.question.end] == match.question.text
        text = best.chunk.title if match.in_title else best.chunk.text
        assert text[match.passage.start : match.passage.end] == match.passage.text
    pairs = {m.question.text: m.passage.text for m in best.explanation.tokens}
    assert pairs["Europe"] == "Europe"
    assert pairs["erupted"] == "erupted"


def found_with_title(rag: Rag, collection: str, title: str) -> Passage:
    """The one passage of a collection, indexed with its title above it as documents are."""
    titled = replace(chunk("volcano"), title=title)
    text = f"{title}\n{titled.text}" if title else titled.text
    (encoding,) = rag.encoder.encode_documents([text])
    rag.store.create_collection(CollectionSpec(collection, rag.encoder.info))
    rag.store.write(collection, [DocumentRows("volcano", "1", "", (Row(titled, encoding),))])
    found = rag.search(
        "What is in Sicily?",
        collection=collection,
        options=SearchSettings(legs=(Leg.DENSE,), rerank=Rerank.TENSOR),
        details=Details.EXPLANATION,
    )
    return found.passages[0]


@pytest.mark.parametrize("title", ["", "Sicily"])
def test_token_matches_add_up_to_the_maxsim_that_ordered_the_passages(
    rag: Rag, collection_name: str, title: str
) -> None:
    passage = found_with_title(rag, collection_name, title)
    assert passage.explanation is not None
    scores = [match.score for match in passage.explanation.tokens]
    assert fsum(scores) == pytest.approx(passage.score, abs=1e-4)
    assert passage.explanation.maxsim == pytest.approx(fsum(scores))


def test_a_word_of_the_title_is_said_to_be_in_the_title(rag: Rag, collection_name: str) -> None:
    passage = found_with_title(rag, collection_name, "Sicily")
    assert passage.explanation is not None
    (match,) = [m for m in passage.explanation.tokens if m.question.text == "Sicily"]
    assert match.in_title
    assert (match.passage.start, match.passage.end) == (0, 6)


def test_the_question_is_encoded_once(
    rag: Rag, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    encode_batch = HeadsModel.encode_batch

    def counted(model: HeadsModel, texts: list[TokenizedText], side: Side) -> list[ModelOutput]:
        passes.append(side)
        return encode_batch(model, texts, side)

    monkeypatch.setattr(HeadsModel, "encode_batch", counted)
    assert explained(rag, corpus)
    assert passes == [Side.QUESTION, Side.PASSAGE]


def test_a_question_without_words_has_no_token_matches(rag: Rag, corpus: str) -> None:
    result = rag.search("?!", collection=corpus, details=Details.EXPLANATION)
    assert result.passages
    assert {p.explanation.tokens for p in result.passages if p.explanation} == {()}
    assert result.scored_by is ScoredBy.FUSION
