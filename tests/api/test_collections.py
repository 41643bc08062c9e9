"""Collections by HTTP: made, listed, described, dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from rag.service import Rag
from rag.settings import IndexSettings, Settings
from rag.types import TensorStorage
from tests.api.indexing import LOCAL, add, create, finish, ids, wait_until_ready
from tests.api.state_elsewhere import StateElsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, store: EmbeddedStore, encoder: Encoder
) -> Iterator[TestClient]:
    own = StateElsewhere(store, tmp_path_factory.mktemp("state"))
    settings = Settings(index=IndexSettings(tensor_storage=TensorStorage.BIT))
    app = create_app(rag=Rag(settings, own, encoder))
    with TestClient(app, LOCAL, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_collection_is_made_as_it_was_asked_for_and_else_as_the_server_has_it(
    client: TestClient, collection_name: str, encoder: Encoder
) -> None:
    fields = {"year": "integer", "on": "date"}
    body = {"name": collection_name, "fields": fields, "unit": "document"}
    response = client.post("/v1/collections", json=body)
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/collections/{collection_name}"
    made = response.json()
    assert made.pop("created")
    assert made == {
        "name": collection_name,
        "documents": 0,
        "rows": 0,
        "unit": "document",
        "tensor_storage": "bit",
        "token_pooling": 1,
        "context": "title+section",
        "fields": fields,
        "encoder": {
            "preset": encoder.info.preset,
            "models": [model.name for model in encoder.info.models],
        },
    }


def test_a_collection_is_listed_and_described_with_its_sizes(
    client: TestClient, collection_name: str
) -> None:
    create(client, collection_name)
    finish(client, add(client, collection_name, {"id": "a", "text": "One."}))
    described = client.get(f"/v1/collections/{collection_name}").json()
    assert (described["documents"], described["rows"]) == (1, 1)
    assert described in client.get("/v1/collections").json()["collections"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "1abc"},
        {"name": "a" * 64},
        {"name": "a\n"},
        {"name": "a/b"},
        {"fields": {"year": "number"}},
        {"fields": {"1": "integer"}},
        {"fields": {"doc_id": "string"}},
        {"token_pooling": 5},
        {"tensor_storage": "double"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_made_is_refused(
    client: TestClient, collection_name: str, wrong: dict[str, Any]
) -> None:
    response = client.post("/v1/collections", json={"name": collection_name, **wrong})
    assert response.status_code == 422
    assert refusal(client.get(f"/v1/collections/{collection_name}"))[0] == 404


def test_a_name_can_be_taken_once(client: TestClient, collection_name: str) -> None:
    create(client, collection_name)
    response = client.post("/v1/collections", json={"name": collection_name})
    assert refusal(response) == (409, "collection_exists")


def test_a_dropped_collection_is_gone_with_its_documents(
    client: TestClient, collection_name: str
) -> None:
    create(client, collection_name)
    finish(client, add(client, collection_name, {"id": "a", "text": "One."}))
    assert client.delete(f"/v1/collections/{collection_name}").status_code == 204
    for method in ("GET", "DELETE"):
        response = client.request(method, f"/v1/collections/{collection_name}")
        assert refusal(response) == (404, "collection_not_found")
    create(client, collection_name)
    assert ids(client, collection_name) == []


def test_dropping_a_collection_ends_its_jobs(client: TestClient, collection_name: str) -> None:
    create(client, collection_name)
    jobs = [add(client, collection_name, {"id": str(n), "text": "One."}) for n in range(4)]
    assert client.delete(f"/v1/collections/{collection_name}").status_code == 204
    states = [client.get(f"/v1/jobs/{job['id']}").json()["state"] for job in jobs]
    assert set(states) <= {"succeeded", "cancelled"}
