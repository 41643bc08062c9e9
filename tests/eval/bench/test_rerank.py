"""The rerank benchmark orders the same passages by each method, and says what it used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.bench import rerank as bench_rerank
from eval.bench.random_cross_encoder import save_random_cross_encoder
from eval.bench.rerank import CROSS_ENCODER, ENGINE, IN_PROCESS
from eval.bench.rerank_passages import LONGEST, SHORTEST, make_passages, maxsim_query
from rag.encoders.cross_encoder import load_cross_encoder
from rag.settings import EncoderSettings
from rerankers.maxsim import maxsim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

CANDIDATES, QUESTIONS, REPETITIONS = 10, 2, 3
COLLECTION = f"bench_rerank_{CANDIDATES}"
SETTINGS = EncoderSettings(offline=True, device="cpu")


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_cross_encoder(tmp_path_factory.mktemp("model"), SETTINGS)


@pytest.fixture(scope="module")
def bench(
    store: EmbeddedStore, encoder: Encoder, model_folder: Path
) -> Iterator[bench_rerank.RerankBench]:
    yield bench_rerank.measure(
        store,
        encoder,
        load_cross_encoder(str(model_folder), SETTINGS),
        candidates=CANDIDATES,
        questions=QUESTIONS,
        repetitions=REPETITIONS,
    )
    store.drop_collection(COLLECTION)


def test_every_method_is_timed_for_every_question(bench: bench_rerank.RerankBench) -> None:
    calls = {method: timing.calls for method, timing in bench.methods_ms.items()}
    often = QUESTIONS * REPETITIONS
    assert calls == {ENGINE: often, IN_PROCESS: often, CROSS_ENCODER: QUESTIONS}
    assert bench.encode_question_ms.calls == QUESTIONS


def test_passages_have_the_length_of_real_ones(bench: bench_rerank.RerankBench) -> None:
    shortest, longest = bench.passage_tokens
    assert SHORTEST <= shortest < longest <= LONGEST + 2


def test_speedups_are_ratios_of_the_medians_beside_them(bench: bench_rerank.RerankBench) -> None:
    slowest = bench.methods_ms[CROSS_ENCODER].p50
    for method, ratio in bench.speedup.items():
        assert ratio == pytest.approx(slowest / bench.methods_ms[method].p50)
        assert bench.speedup_with_question[method] < ratio


def test_the_result_is_json_and_says_that_the_weights_are_random(
    bench: bench_rerank.RerankBench,
) -> None:
    plain = json.loads(json.dumps(bench.to_dict()))
    assert "randomly initialised" in plain["note"]
    assert plain["candidates"] == CANDIDATES


def test_the_cross_encoder_has_the_backbones_geometry(model_folder: Path) -> None:
    config = json.loads((model_folder / "config.json").read_text())
    assert (config["num_hidden_layers"], config["hidden_size"]) == (6, 384)


def test_both_ways_of_maxsim_order_all_candidates_alike(
    bench: bench_rerank.RerankBench, store: EmbeddedStore, encoder: Encoder
) -> None:
    question = "Which world war time was new?"
    query = maxsim_query(question, encoder.encode_question(question), CANDIDATES)
    passages = make_passages(encoder, CANDIDATES)
    scores = maxsim(query.encoding.tokens, passages.tokens, passages.offsets)
    hits = store.search(COLLECTION, query)
    assert len(hits) == CANDIDATES
    assert [hit.score for hit in hits] == pytest.approx(np.sort(scores)[::-1].tolist(), abs=1e-3)
