"""What holds for every request: ids, limits, problems, documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.openai.errors import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.service import Rag

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "not_found"), ("GET", "/v1/search", 405, "method_not_allowed")],
)
def test_unknown_routes_are_problems(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.request(method, path)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_body_that_is_not_json_is_a_problem(client: TestClient) -> None:
    response = client.post("/v1/search", content='{"question":', headers=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    "content", [b'{"question": "\xff"}', b"[" * 100_000, b'{"top_k": %s}' % (b"9" * 5000)]
)
def test_json_that_cannot_be_read_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/search", content=content, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}])
def test_a_body_that_is_not_called_json_is_told_to(
    client: TestClient, headers: dict[str, str]
) -> None:
    response = client.post("/v1/search", content=b'{"question": "x"}', headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert "application/json" in response.json()["detail"]


def test_a_large_body_is_refused_also_when_it_is_sent_in_pieces(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    response = client.post("/v1/search", content=pieces(), headers=JSON)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-1.2_3", True), ("a b", False), ("x" * 129, False)]
)
def test_a_sane_request_id_of_the_client_is_kept(client: TestClient, sent: str, kept: bool) -> None:
    received = client.get("/livez", headers={"X-Request-ID": sent}).headers["x-request-id"]
    assert (received == sent) is kept
    assert received


def test_an_unexpected_error_is_a_problem_without_internals(rag: Rag) -> None:
    app = create_app(rag=rag)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/broken")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "secret" not in response.text
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_every_route_documents_its_errors_in_the_form_of_its_clients(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/v1/search", "/v1/query"):
        responses = paths[path]["post"]["responses"]
        assert {"200", "400", "404", "413", "415", "422", "500", "503"} <= set(responses)
    for path, operations in paths.items():
        form = "application/json" if path.startswith(PATHS) else "application/problem+json"
        for operation in operations.values():
            errors = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
            assert errors
            assert all(list(error["content"]) == [form] for error in errors.values())


def test_the_document_is_openapi_and_refers_only_to_what_it_has(client: TestClient) -> None:
    response = client.get("/openapi.json")
    OpenAPI.model_validate(response.json())
    schemas = response.json()["components"]["schemas"]
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', response.text))
    assert "Problem" in referred
    assert referred <= set(schemas)


def test_the_document_has_the_bounds_of_the_settings(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["SearchRequest"]
    bounds, _null = schema["properties"]["candidates"]["anyOf"]
    assert bounds == {"type": "integer", "minimum": 10, "maximum": 1000}
