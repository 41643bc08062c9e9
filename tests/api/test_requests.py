"""Requests that work, and requests that cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rag.types import Details
from tests.corpus import TEXTS, chunk
from tests.rag.test_retrieve import HOSTILE

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from rag.service import Rag


def test_search_gives_what_the_service_gives(client: TestClient, rag: Rag, corpus: str) -> None:
    question = "Which volcano erupts in Europe?"
    body = {"question": question, "collection": corpus, "explain": True, "top_k": 3}
    found = client.post("/v1/search", json=body).json()["passages"]
    direct = rag.search(question, collection=corpus, details=Details.LEG_RANKS).passages[:3]
    assert [(p["chunk_id"], p["score"], p["leg_ranks"]) for p in found] == [
        (p.chunk.id, p.score, dict(p.leg_ranks)) for p in direct
    ]


def test_an_explained_search_says_which_tokens_matched_where(
    client: TestClient, corpus: str
) -> None:
    question = "Which volcano erupts in Europe?"
    body = {"question": question, "collection": corpus, "explain": True, "rerank": "none"}
    found = client.post("/v1/search", json=body).json()
    best = found["passages"][0]
    explanation = best["explanation"]
    assert found["scored_by"] == "fusion"
    assert explanation["fused"] == pytest.approx(best["score"], abs=1e-5)
    assert sum(leg["share"] for leg in explanation["legs"].values()) == pytest.approx(1)
    match = next(m for m in explanation["tokens"] if m["question"]["text"] == "Europe")
    place = match["passage"]
    assert not match["in_title"]
    assert best["text"][place["start"] : place["end"]] == place["text"] == "Europe"


def test_without_explain_there_is_no_explanation(client: TestClient, corpus: str) -> None:
    body = {"question": "bees", "collection": corpus}
    found = client.post("/v1/search", json=body).json()
    assert {p["explanation"] for p in found["passages"]} == {None}
    assert found["scored_by"] == "fusion"


def test_a_rerank_that_the_server_has_no_model_for_is_refused_in_words(
    client: TestClient, corpus: str
) -> None:
    body = {"question": "bees", "collection": corpus, "rerank": "cross_encoder"}
    response = client.post("/v1/search", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "bad_setting")
    assert "search.cross_encoder" in response.json()["detail"]


def test_a_client_cannot_choose_the_model_that_is_loaded(client: TestClient, corpus: str) -> None:
    body = {"question": "bees", "collection": corpus, "cross_encoder": "/etc"}
    assert client.post("/v1/search", json=body).status_code == 422


def test_query_answers_with_citations_that_quote_their_document(
    client: TestClient, corpus: str
) -> None:
    body = {"question": "How does sourdough bread rise?", "collection": corpus}
    answer = client.post("/v1/query", json=body).json()
    assert "wild yeast" in answer["answer"]
    for citation in answer["citations"]:
        offset = chunk(citation["doc_id"]).start
        text = TEXTS[citation["doc_id"]]
        assert text[citation["start"] - offset : citation["end"] - offset] == citation["quote"]


def test_a_fused_score_is_not_called_a_relevance(client: TestClient, corpus: str) -> None:
    body = {"question": "bees", "collection": corpus, "rerank": "none"}
    passages = client.post("/v1/search", json=body).json()["passages"]
    assert {p["relevance"] for p in passages} == {None}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"field": "doc_id", "op": "eq", "value": "moon"}, {"moon"}),
        ({"field": "doc_id", "op": "in", "value": ["moon", "chess"]}, {"moon", "chess"}),
        ({"field": "doc_id", "op": "in", "value": []}, set()),
        (
            {"and": [{"field": "length", "op": "lt", "value": 100},
                     {"not": {"field": "doc_id", "op": "eq", "value": "tokyo"}}]},
            {k for k, text in TEXTS.items() if len(text) < 100} - {"tokyo"},
        ),
        (
            {"or": [{"field": "doc_id", "op": "eq", "value": "' or 1=1 --"},
                    {"field": "doc_id", "op": "eq", "value": "bees"}]},
            {"bees"},
        ),
    ],
)  # fmt: skip
def test_filters_hold(
    client: TestClient, corpus: str, where: dict[str, Any], expected: set[str]
) -> None:
    body = {"question": "bees and the moon", "collection": corpus, "where": where}
    passages = client.post("/v1/search", json=body).json()["passages"]
    assert {p["doc_id"] for p in passages} == expected


def is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def test_a_lone_surrogate_is_refused_with_a_sentence(client: TestClient, corpus: str) -> None:
    content = json.dumps({"question": "bees \ud800 dance", "collection": corpus})
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/query", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    assert "/question" in response.json()["detail"]


@pytest.mark.parametrize(
    "question", [q for q in HOSTILE if is_unicode(q)], ids=lambda question: ascii(question[:20])
)
def test_no_question_is_too_strange(client: TestClient, corpus: str, question: str) -> None:
    content = json.dumps({"question": question, "collection": corpus})
    response = client.post(
        "/v1/query", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 200, response.text
    assert response.json()["search"]["passages"]


NESTED: dict[str, Any] = {"field": "doc_id", "op": "eq", "value": "x"}
for _ in range(20):
    NESTED = {"not": NESTED}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": ""}, 422, "empty_question"),
        ({"question": " \n\x00"}, 422, "empty_question"),
        ({}, 422, "invalid_request"),
        ({"question": 3}, 422, "invalid_request"),
        ({"question": "x" * 200_001}, 422, "invalid_request"),
        ({"question": "x", "unknown": 1}, 422, "invalid_request"),
        ({"question": "x", "top_k": 0}, 422, "invalid_request"),
        ({"question": "x", "candidates": 100_000}, 422, "invalid_request"),
        ({"question": "x", "legs": ["colbert"]}, 422, "invalid_request"),
        ({"question": "x", "legs": []}, 422, "invalid_request"),
        ({"question": "x", "weights": {"dense": -1}}, 422, "invalid_request"),
        ({"question": "x", "weights": {"colbert": 1}}, 422, "invalid_request"),
        ({"question": "x", "legs": ["dense"], "weights": {"dense": 0}}, 422, "bad_setting"),
        ({"question": "x", "tensor_weight": 2}, 422, "invalid_request"),
        ({"question": "x", "collection": "nowhere"}, 404, "collection_not_found"),
        ({"question": "x", "where": {"field": "no", "op": "eq", "value": 1}}, 422, "bad_filter"),
        ({"question": "x", "where": {"field": "length", "op": "eq", "value": "long"}}, 422,
         "bad_filter"),
        ({"question": "x", "where": {"field": "length", "op": "like", "value": "1"}}, 422,
         "invalid_request"),
        ({"question": "x", "where": NESTED}, 422, "bad_filter"),
    ],
)  # fmt: skip
def test_bad_input_is_a_problem_with_a_code_and_one_sentence(
    client: TestClient, corpus: str, body: dict[str, Any], status: int, code: str
) -> None:
    response = client.post("/v1/search", json={"collection": corpus, **body})
    problem = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["detail"].endswith(".")
    assert problem["instance"] == "/v1/search"
    assert problem["request_id"] == response.headers["x-request-id"]


LEAF = {"field": "length", "op": "eq", "value": 1}
HALF = "\ud800"


@pytest.mark.parametrize(
    "body",
    [
        {"collection": HALF},
        {HALF: 1},
        {"where": {"field": HALF, "op": "eq", "value": "x"}},
        {"where": {"field": "doc_id", "op": "in", "value": [HALF]}},
        {"legs": [HALF]},
    ],
    ids=ascii,
)
def test_half_a_surrogate_pair_is_refused_wherever_it_is(
    client: TestClient, body: dict[str, Any]
) -> None:
    content = json.dumps({"question": "x", **body})
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/search", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("where", "pointers"),
    [
        ("length < 1", ["/where"]),
        ({}, ["/where"]),
        ({**LEAF, "op": "like"}, ["/where"]),
        ({**LEAF, "value": None}, ["/where/value"]),
        ({**LEAF, "and": []}, ["/where/field", "/where/op", "/where/value"]),
        ({"and": [LEAF, {"not": {"not": {**LEAF, "x/y": 1}}}]}, ["/where/and/1/not/not/x~1y"]),
        ({"or": [{"op": "in", "value": [1, {}]}]}, ["/where/or/0/field", "/where/or/0/value/1"]),
    ],
)
def test_a_fault_of_a_filter_is_pointed_to_in_the_body_as_it_was_sent(
    client: TestClient, where: object, pointers: list[str]
) -> None:
    response = client.post("/v1/search", json={"question": "x", "where": where})
    assert [error["pointer"] for error in response.json()["errors"]] == pointers


@pytest.mark.parametrize(
    "body",
    [
        {"where": {"and": [{"or": [{"x": 1}] * 100}] * 100}},
        {"where": {"and": [LEAF] * 101}},
        {f"unknown{i}": 1 for i in range(10_000)},
    ],
    ids=["a wide filter", "a long group", "many unknown keys"],
)
def test_a_body_with_many_faults_gets_a_short_answer(
    client: TestClient, body: dict[str, Any]
) -> None:
    response = client.post("/v1/search", json={"question": "x", **body})
    assert response.status_code == 422
    assert len(response.content) < 4000


def test_the_sentence_counts_what_it_does_not_name(client: TestClient) -> None:
    body = {"question": "x", **{f"unknown{i}": 1 for i in range(50)}}
    assert client.post("/v1/search", json=body).json()["detail"].endswith("; and 47 more.")


def test_the_faulty_field_is_pointed_to(client: TestClient, corpus: str) -> None:
    body = {"question": "x", "collection": corpus, "top_k": 0}
    errors = client.post("/v1/search", json=body).json()["errors"]
    assert [error["pointer"] for error in errors] == ["/top_k"]
