"""Metrics that Prometheus can read, whose labels no client chooses."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.observe.metrics import Metrics
from rag.service import Rag
from rag.settings import Settings
from rag.types import Answer, SearchResult, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def client(store: EmbeddedStore, encoder: Encoder, corpus: str) -> Iterator[TestClient]:
    app = create_app(rag=Rag(Settings(collection=corpus), store, encoder))
    with TestClient(app, base_url="http://localhost") as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        yield client


def read(client: TestClient) -> dict[tuple[str, ...], float]:
    response = client.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain")
    return samples(response.text)


def test_requests_are_counted_by_route_method_and_status(client: TestClient) -> None:
    client.post("/v1/search", json={"question": "bees"})
    client.post("/v1/search", json={"question": ""})
    found = read(client)
    assert found["trident_requests_total", "POST", "/v1/search", "200"] == 1
    assert found["trident_requests_total", "POST", "/v1/search", "422"] == 1
    assert found["trident_request_seconds_count", "/v1/search"] == 2


def test_paths_and_methods_of_a_client_s_choice_make_no_labels(client: TestClient) -> None:
    for number in range(20):
        client.get(f"/nowhere/{number}")
        client.request(f"METHOD{number}", "/v1/search")
        client.get(f"/v1/collections/c{number}")
    series = [key for key in read(client) if key[0] == "trident_requests_total"]
    assert ("trident_requests_total", "GET", "unmatched", "404") in series
    assert not any(
        character.isdigit()
        for key in series
        for part in key[1:3]
        for character in part.replace("/v1", "")
    )
    assert len(series) <= 6


def test_every_stage_and_verdict_of_an_answer_is_counted(client: TestClient) -> None:
    answer = client.post("/v1/query", json={"question": "Which volcano erupts in Europe?"}).json()
    found = read(client)
    for stage in answer["timings_ms"]:
        assert found["trident_stage_seconds_count", stage] == 1
    assert found["trident_answers_total", "answered"] == 1
    verdicts = answer["grounding"]["verdicts"] if answer["grounding"] else []
    counted = {key[1]: value for key, value in found.items() if key[0] == "trident_claims_total"}
    assert sum(counted.values()) == len(verdicts)


def test_the_queue_the_caches_and_readiness_are_told(client: TestClient) -> None:
    for _ in range(2):
        client.post("/v1/search", json={"question": "chess"})
    found = read(client)
    assert found["trident_queue_depth",] == 0
    assert found["trident_workers_busy",] == 0
    assert found["trident_ready",] == 1
    assert found["trident_cache_requests_total", "answers", "hit"] == 1
    assert found["trident_cache_requests_total", "answers", "miss"] == 1
    assert found["trident_cache_entries", "answers"] == 1
    assert found["trident_cache_bytes", "answers"] > 100


def test_two_applications_count_apart(client: TestClient) -> None:
    client.post("/v1/search", json={"question": "bees"})
    assert not [key for key in samples(Metrics().text().decode()) if key[0].endswith("_total")]


def answered(sentences: tuple[str, ...] = (), usage: Usage | None = None) -> Answer:
    search = SearchResult("q", "c", (), (), {"encode": 1.0})
    timings: Mapping[str, float] = {"encode": 1.0, "answer": 2.0}
    return Answer("", sentences, (), search, timings, usage=usage)  # type: ignore[arg-type]


def test_an_answer_without_sentences_is_an_abstention() -> None:
    metrics = Metrics()
    metrics.answered(answered())
    assert samples(metrics.text().decode())["trident_answers_total", "abstained"] == 1


def test_the_tokens_of_a_language_model_add_up() -> None:
    metrics = Metrics()
    for _ in range(2):
        metrics.answered(answered(usage=Usage(10, 3)))
    found = samples(metrics.text().decode())
    assert found["trident_tokens_total", "prompt"] == 20
    assert found["trident_tokens_total", "completion"] == 6


def test_the_stages_of_a_search_are_not_counted_again_with_its_answer() -> None:
    metrics = Metrics()
    answer = answered()
    metrics.searched(answer.search)
    metrics.answered(answer)
    found = samples(metrics.text().decode())
    assert found["trident_stage_seconds_count", "encode"] == 1
    assert found["trident_stage_seconds_sum", "answer"] == pytest.approx(0.002)
