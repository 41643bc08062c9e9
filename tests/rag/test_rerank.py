"""A cross-encoder orders what the first stage found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.encoders.cross_encoder import load_cross_encoder
from rag.errors import SettingsError
from rag.service import Rag
from rag.settings import EncoderSettings, SearchSettings, Settings
from rag.types import Rerank, ScoredBy
from tests.corpus import TEXTS
from tests.rag.encoders.tiny_cross_encoder import cross_encoder_folder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

QUESTION = "what did the cat see in the park?"
RERANKS = (Rerank.CROSS_ENCODER, Rerank.TENSOR_CROSS_ENCODER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder_folder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="module")
def reranking(store: EmbeddedStore, encoder: Encoder, folder: Path) -> Rag:
    search = SearchSettings(cross_encoder=str(folder), rerank=Rerank.CROSS_ENCODER)
    return Rag(Settings(search=search, encoder=EncoderSettings(offline=True)), store, encoder)


@pytest.mark.parametrize("rerank", RERANKS)
def test_passages_come_in_the_order_of_the_models_scores(
    reranking: Rag, corpus: str, folder: Path, rerank: Rerank
) -> None:
    options = SearchSettings(rerank=rerank, top_k=3)
    result = reranking.search(QUESTION, collection=corpus, options=options)
    model = load_cross_encoder(str(folder), EncoderSettings(device="cpu", offline=True))
    scores = dict(zip(TEXTS, model.score(QUESTION, list(TEXTS.values())).scores, strict=True))
    best = sorted(scores, key=lambda doc_id: -scores[doc_id])[:3]
    assert [p.chunk.doc_id for p in result.passages] == best
    assert [p.score for p in result.passages] == pytest.approx([scores[b] for b in best], abs=1e-5)
    assert result.scored_by is ScoredBy.CROSS_ENCODER
    assert result.timings_ms["rerank"] > 0


def test_its_score_is_not_called_a_relevance(reranking: Rag, corpus: str) -> None:
    passages = reranking.search(QUESTION, collection=corpus).passages
    assert {p.relevance for p in passages} == {None}


@pytest.mark.parametrize(
    ("rerank", "before"),
    [(Rerank.CROSS_ENCODER, Rerank.NONE), (Rerank.TENSOR_CROSS_ENCODER, Rerank.TENSOR)],
)
def test_it_reads_the_best_of_the_stage_before_it_and_no_more(
    reranking: Rag, corpus: str, rerank: Rerank, before: Rerank
) -> None:
    question = "Where do honey bees dance?"
    first = SearchSettings(rerank=before, top_k=2)
    then = SearchSettings(rerank=rerank, top_k=2, cross_encoder_candidates=2)
    expected = reranking.search(question, collection=corpus, options=first).passages
    found = reranking.search(question, collection=corpus, options=then).passages
    assert {p.chunk.id for p in found} == {p.chunk.id for p in expected}


def test_a_question_that_it_cannot_read_whole_is_said_to_be_cut(
    reranking: Rag, corpus: str
) -> None:
    result = reranking.search("the cat sat on a mat " * 10, collection=corpus)
    assert any("cross-encoder read only the first" in notice for notice in result.notices)


def test_the_model_is_loaded_once_and_only_when_needed(
    store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    missing = SearchSettings(cross_encoder="/no/such/model")
    rag = Rag(Settings(search=missing), store, encoder)
    assert rag.search(QUESTION, collection=corpus).passages
    with pytest.raises(SettingsError, match="/no/such/model"):
        rag.search(QUESTION, collection=corpus, options=SearchSettings(rerank=Rerank.CROSS_ENCODER))


def test_the_service_keeps_one_model(reranking: Rag) -> None:
    assert reranking.cross_encoder is reranking.cross_encoder


def test_without_a_model_the_setting_to_make_is_named(rag: Rag, corpus: str) -> None:
    options = SearchSettings(rerank=Rerank.CROSS_ENCODER)
    with pytest.raises(SettingsError, match=r"search\.cross_encoder"):
        rag.search(QUESTION, collection=corpus, options=options)


def test_a_question_of_punctuation_is_ordered_by_the_model_all_the_same(
    reranking: Rag, corpus: str
) -> None:
    options = SearchSettings(rerank=Rerank.TENSOR_CROSS_ENCODER)
    result = reranking.search("?!", collection=corpus, options=options)
    assert result.passages
    assert result.scored_by is ScoredBy.CROSS_ENCODER
