"""A key without a grant is answered as if there were no such collection, on every route."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from httpx import Response

    from tests.api.auth.guarded import Guarded

REQUEST_ID = {"X-Request-ID": "the-same"}
# A route for chats names a collection by a model that answers from it.
MODEL = "trident/{name}"


def requests_for(document: dict[str, Any], name: str) -> list[tuple[str, str, dict[str, Any]]]:
    """A request of every route that takes the name of a collection, for this one."""
    filled = [
        (method.upper(), _path(path, name), _rest(document, operation, name))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return [request for request in filled if name in json.dumps(request)]


def _path(path: str, name: str) -> str:
    values = {"collection": name, "model": MODEL.format(name=name)}
    return re.sub(r"{(\w+)}", lambda found: values.get(found[1], "x"), path)


def _rest(document: dict[str, Any], operation: dict[str, Any], name: str) -> dict[str, Any]:
    """Query and body; the latter is the first example of the schema, with the name put in."""
    query = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return {
        "params": {"collection": name} if "collection" in query else {},
        "json": _body(document, content["schema"], name) if content else None,
    }


def _body(document: dict[str, Any], schema: dict[str, Any], name: str) -> dict[str, Any]:
    schema = _resolved(document, schema)
    (example, *_) = schema.get("examples", [{}])
    names = {"collection": name, "model": MODEL.format(name=name)}
    return example | {key: names[key] for key in names.keys() & schema["properties"].keys()}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    variants = schema.get("anyOf", schema.get("oneOf", []))
    if variants:
        return _resolved(document, variants[0])
    if "$ref" not in schema:
        return schema
    return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]


def answer(response: Response, name: str) -> tuple[int, str, dict[str, str]]:
    """All that a client gets, but for the name that it sent itself."""
    return response.status_code, response.text.replace(name, "NAME"), dict(response.headers)


@pytest.fixture(scope="module")
def absent(corpus: str) -> str:
    """A name as long as the collection's, of none."""
    return "n" * len(corpus)


def test_every_route_hides_what_was_not_granted(guarded: Guarded, corpus: str, absent: str) -> None:
    document = guarded.client.get("/openapi.json").json()
    headers = guarded.headers(collections=["mine"]) | REQUEST_ID
    hidden, none = requests_for(document, corpus), requests_for(document, absent)
    assert len(hidden) >= 8
    for (method, path, rest), (_, other_path, other) in zip(hidden, none, strict=True):
        seen = guarded.client.request(method, path, headers=headers, **rest)
        expected = guarded.client.request(method, other_path, headers=headers, **other)
        assert answer(seen, corpus) == answer(expected, absent), (method, path)
        if corpus in path or "collection" in (rest["json"] or rest["params"]):
            assert seen.status_code == 404, (method, path, seen.text)


def test_a_collection_of_ones_own_that_is_absent_is_answered_alike(
    guarded: Guarded, corpus: str, absent: str
) -> None:
    mine = guarded.headers(collections=[absent]) | REQUEST_ID
    others = guarded.headers(collections=["mine"]) | REQUEST_ID
    for path in ("/v1/search", "/v1/query"):
        body = {"question": "volcano"}
        granted = guarded.client.post(path, json={**body, "collection": absent}, headers=mine)
        hidden = guarded.client.post(path, json={**body, "collection": corpus}, headers=others)
        assert granted.status_code == 404
        assert answer(granted, absent) == answer(hidden, corpus)


def test_no_answer_names_other_collections(guarded: Guarded, corpus: str, absent: str) -> None:
    headers = guarded.headers(collections=[absent])
    response = guarded.client.post(
        "/v1/search", json={"question": "x", "collection": absent}, headers=headers
    )
    assert corpus not in response.text


def test_the_list_has_granted_collections_only(guarded: Guarded, corpus: str) -> None:
    def names(headers: dict[str, str]) -> set[str]:
        found = guarded.client.get("/v1/collections", headers=headers).json()["collections"]
        return {item["name"] for item in found}

    assert corpus in names(guarded.headers())
    assert names(guarded.headers(collections=[corpus])) == {corpus}
    assert names(guarded.headers(collections=["mine"])) == set()


def test_what_was_granted_can_be_used(guarded: Guarded, corpus: str) -> None:
    headers = guarded.headers(collections=[corpus])
    body = {"question": "volcano", "collection": corpus}
    assert guarded.client.post("/v1/search", json=body, headers=headers).status_code == 200


def test_jobs_of_a_hidden_collection_are_hidden(guarded: Guarded, collection_name: str) -> None:
    admin, other = guarded.headers(), guarded.headers(collections=["mine"]) | REQUEST_ID
    guarded.client.post("/v1/collections", json={"name": collection_name}, headers=admin)
    document = {"id": "a", "text": "A volcano."}
    job = guarded.client.post(
        f"/v1/collections/{collection_name}/documents",
        json={"documents": [document]},
        headers=admin,
    ).json()["id"]
    absent = "0" * len(job)
    for method in ("GET", "DELETE"):
        hidden = guarded.client.request(method, f"/v1/jobs/{job}", headers=other)
        none = guarded.client.request(method, f"/v1/jobs/{absent}", headers=other)
        assert answer(hidden, job) == answer(none, absent)
        assert hidden.status_code == 404
    assert guarded.client.get("/v1/jobs", headers=other).json()["jobs"] == []
    assert guarded.client.get("/v1/jobs", headers=admin).json()["jobs"]
