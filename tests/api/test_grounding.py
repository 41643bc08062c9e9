"""Verdicts over the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.corpus import TEXTS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

WRONG = "Mount Etna is the most active volcano in Europe. It erupted again in 1669."


def test_an_answer_from_anywhere_gets_a_verdict_for_each_claim(client: TestClient) -> None:
    body = {"answer": WRONG, "context": [TEXTS["bees"], TEXTS["volcano"]]}
    response = client.post("/v1/ground", json=body)
    assert response.status_code == 200
    found = response.json()
    assert found["grounded"] is False
    first, second = found["verdicts"]
    assert (first["label"], second["label"]) == ("supported", "contradicted")
    (span,) = [span for span in second["unsupported"] if span["text"] == "1669"][:1]
    assert WRONG[span["start"] : span["end"]] == "1669"
    evidence = first["evidence"][0]
    assert evidence["passage"] == 2
    assert TEXTS["volcano"][evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "x"},
        {"answer": "x", "context": "not a list"},
        {"answer": "x", "context": ["x"] * 101},
        {"answer": "x", "context": [], "more": 1},
    ],
)
def test_what_cannot_be_checked_is_a_problem(client: TestClient, body: object) -> None:
    response = client.post("/v1/ground", json=body)
    assert (response.status_code, response.headers["content-type"]) == (
        422,
        "application/problem+json",
    )


@pytest.mark.parametrize("answer", ["", "?" * 1000, "\x00"])
def test_odd_answers_are_checked_all_the_same(client: TestClient, answer: str) -> None:
    response = client.post("/v1/ground", json={"answer": answer, "context": ["", "\x00"]})
    assert response.status_code == 200
    assert response.json()["grounded"] is not True


@pytest.mark.parametrize("field", ["answer", "context", "question"])
def test_half_of_a_surrogate_pair_is_no_text(client: TestClient, field: str) -> None:
    body: dict[str, Any] = {"answer": "x", "context": ["x"], "question": "x"}
    body[field] = ["HALF"] if field == "context" else "HALF"
    content = json.dumps(body).replace("HALF", "\\ud800")
    headers = {"Content-Type": "application/json"}
    assert client.post("/v1/ground", content=content, headers=headers).status_code == 422


def test_an_answer_to_a_question_carries_its_grounding(client: TestClient, corpus: str) -> None:
    body = {"question": "When did Etna erupt again?", "collection": corpus}
    found = client.post("/v1/query", json=body).json()
    assert found["grounding"]["grounded"] is True
    assert found["grounding"]["answer"] == found["answer"]
    assert found["corrections"] == []
    assert found["timings_ms"]["ground"] > 0
