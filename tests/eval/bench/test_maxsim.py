"""The MaxSim comparison: every method is right, and what cannot run says why."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from eval.bench import maxsim as bench_maxsim
from eval.bench.maxsim_methods import BASELINE, METHODS, Method, make_workload, plain_loop
from eval.bench.maxsim_worker import Sample, Spec, WorkerCrashError, run_in_process, time_methods

SPEC = Spec(
    methods=(BASELINE,),
    threads=1,
    documents=4,
    shortest=2,
    longest=9,
    question_tokens=5,
    width=16,
    rounds=2,
    calls=3,
)


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def bench(steps: list[tuple[str, int, int]]) -> bench_maxsim.MaxsimBench:
    return bench_maxsim.run(
        documents=12,
        document_tokens=(5, 40),
        widths=(128,),
        threads=(1,),
        rounds=2,
        calls=2,
        progress=lambda *step: steps.append(step),
    )


def test_every_method_has_a_row_for_every_width_and_thread_count(
    bench: bench_maxsim.MaxsimBench,
) -> None:
    assert [(row.method, row.threads, row.width) for row in bench.rows] == [
        (method.name, 1, 128) for method in METHODS
    ]


def test_all_methods_equal_a_plain_loop(bench: bench_maxsim.MaxsimBench) -> None:
    for row in bench.rows:
        assert row.max_error is not None, row.note
        assert row.max_error <= bench_maxsim.TOLERANCE, row.method
        assert row.note == ""


def test_ratios_are_against_trident_in_the_same_run(bench: bench_maxsim.MaxsimBench) -> None:
    ours = bench.rows[0].timing_ms
    assert ours is not None
    assert bench.rows[0].ratio == 1.0
    for row in bench.rows:
        assert row.timing_ms is not None
        assert row.timing_ms.calls == 4
        assert row.ratio == pytest.approx(row.timing_ms.p50 / ours.p50)


def test_the_result_is_plain_json(bench: bench_maxsim.MaxsimBench) -> None:
    plain = json.loads(json.dumps(bench.to_dict()))
    assert plain["rows"][0]["method"] == BASELINE
    assert plain["question_tokens"] == 32


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("question_tokens", [7, 32])
def test_methods_are_right_on_ragged_documents(method: Method, question_tokens: int) -> None:
    work = make_workload(
        documents=9, shortest=1, longest=30, question_tokens=question_tokens, width=64
    )
    scores = np.asarray(method.prepare(work)())
    np.testing.assert_allclose(scores, plain_loop(work), atol=bench_maxsim.TOLERANCE)


def test_each_method_is_timed_rounds_times_calls() -> None:
    (sample,) = time_methods(SPEC)
    assert sample.method == BASELINE
    assert len(sample.milliseconds) == SPEC.rounds * SPEC.calls


def test_a_method_that_ends_its_process_is_an_error_that_names_it() -> None:
    with pytest.raises(WorkerCrashError, match=r"times no such method ended with exit code 1\."):
        run_in_process(replace(SPEC, methods=("no such method",)))


def test_a_package_that_is_absent_is_named_with_the_command_that_adds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = replace(METHODS[-1], package="no-such-package-of-maxsim")
    monkeypatch.setattr(bench_maxsim, "METHODS", (METHODS[0], absent))
    bench = bench_maxsim.run(documents=2, document_tokens=(1, 3), widths=(8,), threads=(1,))
    assert bench.rows[1].note == (
        "Not installed; add it with `pip install no-such-package-of-maxsim`."
    )
    assert bench.rows[1].timing_ms is None


@pytest.mark.parametrize("error", [0.5, float("nan")])
def test_a_method_with_wrong_scores_is_not_timed(
    monkeypatch: pytest.MonkeyPatch, error: float
) -> None:
    def wrong_outside_trident(spec: Spec) -> list[Sample]:
        samples = time_methods(spec)
        return [s if s.method == BASELINE else replace(s, max_error=error) for s in samples]

    monkeypatch.setattr(bench_maxsim, "METHODS", (METHODS[0], METHODS[-1]))
    monkeypatch.setattr(bench_maxsim, "run_in_process", wrong_outside_trident)
    bench = bench_maxsim.run(documents=2, document_tokens=(1, 3), widths=(64,), threads=(1,))
    assert bench.rows[0].timing_ms is not None
    assert bench.rows[1].timing_ms is None
    assert bench.rows[1].note.startswith("Its scores are wrong by up to")


def test_progress_is_told_for_each_pair_of_width_and_threads(
    bench: bench_maxsim.MaxsimBench, steps: list[tuple[str, int, int]]
) -> None:
    assert steps == [("compare", 0, 1), ("compare", 1, 1)]
