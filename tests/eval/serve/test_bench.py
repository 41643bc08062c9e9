"""The server's benchmark: its aims, and a small run against a real server."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from eval.serve import bench
from eval.serve.bench import Step, aims_of, step_of
from eval.serve.clients import Load
from eval.serve.latency import Latency
from eval.serve.plan import Plan
from rag.errors import InputError
from rag.settings import EncoderSettings, Settings, StoreSettings

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))


def step(clients: int, p50: float, p95: float, errors: int = 0) -> Step:
    latency = Latency(p50, p95, p95, 10)
    return Step(clients, 10.0, latency, {"503 overloaded": errors} if errors else {}, 0)


def test_aims_are_of_errors_at_most_clients_overhead_and_slowdown() -> None:
    steps = [step(1, 10, 20), step(4, 30, 40), step(64, 900, 999, errors=2)]
    aims = {aim.name: aim for aim in aims_of(steps, overhead_ms=6.0)}
    assert not aims["errors@64"].met
    assert aims["errors@64"].worst == 2
    assert not aims["overhead_ms"].met
    assert aims["p95@4/p50@1"].worst == 4.0
    assert aims["p95@4/p50@1"].met


def test_without_one_client_only_errors_are_aimed_at() -> None:
    assert [aim.name for aim in aims_of([step(16, 1, 1)], 0.0)] == ["errors@16"]


def test_a_step_counts_what_was_answered_in_its_time() -> None:
    load = Load(elapsed=2.0, errors=Counter({"ReadTimeout": 1}))
    load.seconds["search"] = [0.1] * 6
    measured = step_of(load, clients=3, memory_bytes=7)
    assert measured.requests_per_second == 3.0
    assert measured.latency.p50 == pytest.approx(100.0)
    assert measured.errors == {"ReadTimeout": 1}


def test_a_database_on_a_server_is_not_measured() -> None:
    remote = SETTINGS.model_copy(update={"store": StoreSettings(uri="infinity://x:1")})
    with pytest.raises(InputError, match="embedded database"):
        bench.run(Plan(remote, rows=20, seconds=1))


@pytest.mark.slow
@pytest.mark.xdist_group("server")
def test_a_real_server_answers_as_many_clients_as_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIDENT_ENCODER__RUNTIME", "torch")
    monkeypatch.setattr(bench, "WARM_UP_SECONDS", 0.5)
    result = bench.run(Plan(SETTINGS, rows=20, seconds=1, folder=tmp_path), clients=(1, 3))
    assert [each.clients for each in result.steps] == [1, 3]
    assert all(each.latency.calls for each in result.steps)
    assert not any(each.errors for each in result.steps)
    assert result.memory_bytes["after"] > 100_000_000
    assert json.loads(json.dumps(result.to_dict()))["in_process_ms"]["calls"] == 200
