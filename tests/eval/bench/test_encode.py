"""The encoding benchmark: both sides give all columns, each in a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.bench import encode as bench_encode
from eval.bench.encode_sides import BASELINE, SIDES, TRIDENT
from eval.bench.encode_worker import Sample, Spec, run_in_process, time_side
from rag.errors import FailureError
from rag.settings import EncoderSettings, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder

OFFLINE = {"offline": True, "runtime": "torch", "device": "cpu"}
SETTINGS = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> bench_encode.EncodeBench:
    """Ours takes 2 and then 1 seconds, the baseline 4 and then 5."""
    taken = {TRIDENT: iter((2.0, 1.0)), BASELINE: iter((4.0, 5.0))}

    def pretend(spec: Spec) -> Sample:
        assert len(spec.texts) == 3
        return Sample(7.0, [next(taken[spec.side])], 300 * bench_encode.MIB)

    monkeypatch.setattr(bench_encode, "run_in_process", pretend)
    return bench_encode.run(SETTINGS, documents=3, turns=2, passes=1)


def test_the_speedup_is_of_the_best_passes(bench: bench_encode.EncodeBench) -> None:
    assert bench.speedup == 4.0
    assert bench.sides[TRIDENT].documents_per_second == 3.0
    assert bench.sides[BASELINE].documents_per_second == 0.75
    assert bench.sides[TRIDENT].tokens_per_second == bench.tokens
    assert bench.sides[TRIDENT].peak_mib == 300


def test_the_result_is_plain_json(bench: bench_encode.EncodeBench) -> None:
    assert json.loads(json.dumps(bench.to_dict()))["documents"] == 3


def test_the_texts_are_chunks_of_the_demo_corpus_within_the_model_s_limit(encoder: Encoder) -> None:
    texts = bench_encode.demo_texts(encoder, Settings())
    assert len(texts) > 500
    assert max(map(encoder.count_tokens, texts[:50])) <= encoder.info.max_tokens


@pytest.mark.parametrize("side", SIDES)
def test_a_side_is_timed_as_often_as_was_asked(side: str) -> None:
    sample = time_side(Spec(side, ("One tide.", "Two tides."), 2, OFFLINE))
    assert len(sample.pass_seconds) == 2
    assert min(sample.pass_seconds) > 0
    assert sample.peak_bytes > 50 * bench_encode.MIB


def test_the_baseline_fills_three_columns() -> None:
    dense, sparse, tokens = SIDES[BASELINE](EncoderSettings(offline=True))(["One tide."])  # type: ignore[misc]  # a side's result is opaque
    assert dense.shape == (1, 384)
    assert sparse.shape[1] == 30_522
    assert tokens[0].shape[1] == 384


def test_a_side_that_ends_early_is_an_error_with_its_last_words() -> None:
    with pytest.raises(
        FailureError, match=r"times nobody ended early; it said: KeyError: 'nobody'"
    ):
        run_in_process(Spec("nobody", (), 1, OFFLINE))
