"""What the fusion with the rerank, made outside the engine, ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.configurations import Family, Ordering
from eval.datasets import Question
from eval.runs import Asked, Runner, fused_ranking
from eval.trec import read_run
from eval.workspace import Workspace
from rag.settings import SearchSettings
from rag.store.base import Hit
from rag.types import Chunk, Leg
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def hits(*chunks: str) -> list[Hit]:
    """`"d1.2"` is chunk 2 of document d1."""
    return [Hit(Chunk(id_, id_.split(".")[0], "", "", 0, 0, 0), 1.0) for id_ in chunks]


def test_chunks_are_fused_before_documents_are_ranked() -> None:
    first = hits("a.1", "b.1", "c.1")
    second = hits("b.1", "c.1", "a.2")
    # b.1: 1/62 + 1/61; c.1: 1/63 + 1/62; a's best chunk, a.1: 1/61.
    ranking = fused_ranking([first, second], 60)
    assert [doc_id for doc_id, _ in ranking] == ["b", "c", "a"]
    assert dict(ranking) == pytest.approx({"b": 1 / 62 + 1 / 61, "c": 1 / 63 + 1 / 62, "a": 1 / 61})


def test_every_question_is_answered_from_the_engine_and_the_right_document_leads(
    tmp_path: Path, store: EmbeddedStore, encoder: Encoder, corpus: str
) -> None:
    asked = [
        Asked(Question(query_id, text), encoder.encode_question(text))
        for query_id, (text, _) in QUESTIONS.items()
    ]
    workspace = Workspace(tmp_path)
    runner = Runner(store, corpus, asked, SearchSettings(), workspace)
    family = Family((Leg.DENSE, Leg.FULLTEXT), 100)
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
    family = Family((Leg.DENSE,), 100)
    Runner(store, corpus, asked, SearchSettings(), workspace).run(family)
    runs = {c.ordering: list(read_run(workspace.run(c.name))["q"]) for c in family.configurations}
    scores = {
        doc_id: sum(1 / (61 + runs[o].index(doc_id)) for o in (Ordering.NONE, Ordering.TENSOR))
        for doc_id in TEXTS
    }
    found = read_run(workspace.run(f"dense_{Ordering.TENSOR_FUSE}_100"))["q"]
    assert found == pytest.approx(scores, abs=1e-6)
