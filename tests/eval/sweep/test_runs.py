"""The runs hold what the engine finds, in each configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.data.datasets import Question
from eval.data.trec import read_run
from eval.sweep.configurations import RERANKS, Configuration
from eval.sweep.plan import EvalCollection, Family, PlannedRun
from eval.sweep.runs import Asked, Runner
from eval.sweep.workspace import Workspace
from rag.errors import InputError
from rag.settings import SearchSettings
from rag.types import Layout, Leg, Rerank
from rerankers.fusion import min_max, weighted_sum
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def family_of(stored: str, *configurations: Configuration) -> Family:
    collection = EvalCollection("chunk-float", stored, Layout())
    return Family(tuple(PlannedRun(collection, one) for one in configurations))


def of_legs(stored: str, *legs: Leg) -> Family:
    return family_of(stored, *(Configuration(legs, rerank, 100) for rerank in RERANKS))


def test_every_question_is_answered_from_the_engine_and_the_right_document_leads(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    asked = [
        Asked(Question(query_id, text), encoder.encode_question(text))
        for query_id, (text, _) in QUESTIONS.items()
    ]
    workspace = Workspace(tmp_path)
    runner = Runner(store, asked, SearchSettings(), workspace)
    family = of_legs(corpus, Leg.DENSE, Leg.FULLTEXT)
    runner.run(family)
    assert runner.missing(family) == []
    for planned in family.runs:
        run = read_run(workspace.run(planned.name))
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
    family = of_legs(corpus, Leg.DENSE)
    Runner(store, asked, SearchSettings(), workspace).run(family)
    runs = {r.configuration.rerank: read_run(workspace.run(r.name))["q"] for r in family.runs}
    both = [list(runs[rerank].items()) for rerank in (Rerank.NONE, Rerank.TENSOR)]
    scores = dict(weighted_sum(both, normalize=min_max, weights=[0.2, 0.8]))
    assert runs[Rerank.TENSOR_FUSE] == pytest.approx(scores, abs=1e-5)


def test_a_family_whose_index_cannot_be_built_is_refused_and_writes_nothing(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    text = QUESTIONS["q-tides"][0]
    asked = [Asked(Question("q", text), encoder.encode_question(text))]
    family = family_of(corpus, Configuration((Leg.TENSOR,), Rerank.NONE, 100, indexed=True))
    with pytest.raises(InputError, match="fewer than 8192 token vectors"):
        Runner(store, asked, SearchSettings(), Workspace(tmp_path)).run(family)
    assert list(tmp_path.iterdir()) == []
