"""The runs hold what the engine finds, in each configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.configurations import RERANKS, Configuration, Family
from eval.datasets import Question
from eval.runs import Asked, Runner
from eval.trec import read_run
from eval.workspace import Workspace
from rag.settings import SearchSettings
from rag.types import Leg, Rerank
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def of_legs(*legs: Leg) -> Family:
    return Family(tuple(Configuration(legs, rerank, 100) for rerank in RERANKS))


def test_every_question_is_answered_from_the_engine_and_the_right_document_leads(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    asked = [
        Asked(Question(query_id, text), encoder.encode_question(text))
        for query_id, (text, _) in QUESTIONS.items()
    ]
    workspace = Workspace(tmp_path)
    runner = Runner(store, corpus, asked, SearchSettings(), workspace)
    family = of_legs(Leg.DENSE, Leg.FULLTEXT)
    runner.run(family)
    assert runner.missing(family) == []
    for configuration in family.configurations:
        run = read_run(workspace.run(configuration.name))
        assert list(run) == list(QUESTIONS)
        assert set(run["q-bees"]) == set(TEXTS)  # the dense leg ranks everything
        first = {query_id: max(found, key=found.__getitem__) for query_id, found in run.items()}
        assert first["q-volcano"] == "volcano"
        assert first["q-king"] == "chess"


def test_the_fusion_is_that_of_the_two_runs_when_every_document_is_one_chunk(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    text = QUESTIONS["q-tides"][0]
    asked = [Asked(Question("q", text), encoder.encode_question(text))]
    workspace = Workspace(tmp_path)
    family = of_legs(Leg.DENSE)
    Runner(store, corpus, asked, SearchSettings(), workspace).run(family)
    runs = {c.rerank: read_run(workspace.run(c.name))["q"] for c in family.configurations}
    orders = [list(runs[rerank]) for rerank in (Rerank.NONE, Rerank.TENSOR)]
    scores = {doc_id: sum(0.5 / (61 + order.index(doc_id)) for order in orders) for doc_id in TEXTS}
    assert runs[Rerank.TENSOR_FUSE] == pytest.approx(scores, abs=1e-6)
