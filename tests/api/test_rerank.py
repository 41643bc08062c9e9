"""`/v1/rerank`, `/v2/rerank` and `/rerank`: one ranking in the words of three APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.corpus import TEXTS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from rag.service import Rag

QUERY = "What causes the tides?"
DOCUMENTS = list(TEXTS.values())
MOON = list(TEXTS).index("moon")


def reranked(client: TestClient, path: str = "/v1/rerank", **body: Any) -> Any:
    response = client.post(path, json={"query": QUERY, **body})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank"])
def test_documents_are_ranked_as_the_service_ranks_them(
    client: TestClient, rag: Rag, path: str
) -> None:
    found = reranked(client, path, documents=DOCUMENTS)
    ranked = [(each["index"], each["relevance_score"]) for each in found["results"]]
    direct = [(each.index, max(each.relevance, 0)) for each in rag.rerank(QUERY, DOCUMENTS)]
    assert ranked == direct
    assert ranked[0][0] == MOON
    assert all(0 <= score <= 1 for _, score in ranked)


def test_a_client_of_cohere_finds_all_that_it_reads(client: TestClient, rag: Rag) -> None:
    found = reranked(client, documents=DOCUMENTS, top_n=2, model="rerank-v3.5")
    assert len(found["results"]) == 2
    assert set(found["results"][0]) == {"index", "relevance_score"}
    assert found["id"]
    assert found["meta"]["api_version"] == {"version": "2"}
    preset = rag.encoder.info.preset
    assert found["model"] == preset
    assert found["meta"]["warnings"] == [
        f"The model is {preset}; what the request names was not used."
    ]


def test_a_client_of_jina_gets_the_texts_back_and_the_tokens(client: TestClient, rag: Rag) -> None:
    documents = [{"text": text} for text in DOCUMENTS]
    found = reranked(client, documents=documents, top_n=1, return_documents=True)
    assert found["results"][0]["document"] == {"text": TEXTS["moon"]}
    tokens = sum(map(rag.encoder.count_tokens, [QUERY, *DOCUMENTS]))
    assert found["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}
    assert found["meta"]["warnings"] == []


@pytest.mark.parametrize("path", ["/rerank", "/v1/rerank"])
def test_a_client_of_text_embeddings_inference_gets_a_bare_list(
    client: TestClient, path: str
) -> None:
    found = reranked(client, path, texts=DOCUMENTS, return_text=True, truncate=True)
    assert found[0]["text"] == TEXTS["moon"]
    assert [each["score"] for each in found] == sorted((e["score"] for e in found), reverse=True)
    assert set(reranked(client, path, texts=DOCUMENTS)[0]) == {"index", "score"}


def test_only_raw_scores_fall_below_zero(client: TestClient) -> None:
    texts = [TEXTS["moon"], ""]
    assert reranked(client, texts=texts)[1] == {"index": 1, "score": 0}
    assert reranked(client, texts=texts, raw_scores=True)[1] == {"index": 1, "score": -1}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"documents": []}, "/documents"),
        ({"documents": ["x"] * 1001}, "/documents"),
        ({"documents": ["x" * 200_001]}, "/documents/0"),
        ({"documents": [{"title": "x"}]}, "/documents/0"),
        ({"documents": ["x"], "top_n": 0}, "/top_n"),
        ({"documents": ["x"], "rank_fields": ["text"]}, "/rank_fields"),
        ({"texts": [1]}, "/texts/0"),
        ({}, "/documents"),
    ],
)
def test_what_cannot_be_ranked_is_pointed_to(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    response = client.post("/v1/rerank", json={"query": QUERY, **body})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith(pointer)


def test_an_empty_query_is_refused(client: TestClient) -> None:
    response = client.post("/v1/rerank", json={"query": " ", "documents": ["x"]})
    assert (response.status_code, response.json()["code"]) == (422, "empty_question")
