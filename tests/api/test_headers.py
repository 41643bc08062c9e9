"""Headers of every answer, errors included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from api.app import create_app
from api.headers import DEFAULTS

if TYPE_CHECKING:
    from httpx import Response

    from rag.service import Rag

OWN = "default-src 'self'"


@pytest.fixture(scope="module")
def client(rag: Rag) -> TestClient:
    app = create_app(rag=rag)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError

    @app.get("/own")
    def own() -> HTMLResponse:
        return HTMLResponse("", headers={"content-security-policy": OWN})

    return TestClient(app, raise_server_exceptions=False)


def secure(response: Response) -> bool:
    return all(response.headers.get(name) == value for name, value in DEFAULTS.items())


@pytest.mark.parametrize(
    ("path", "status"),
    [("/livez", 200), ("/v1/nothing", 404), ("/v1/search", 405), ("/broken", 500)],
)
def test_every_answer_tells_browsers_to_run_nothing(
    client: TestClient, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert secure(response)


def test_a_refusal_has_the_headers_too(client: TestClient) -> None:
    response = client.get("/v1/collections", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert secure(response)


def test_a_policy_of_the_response_stays(client: TestClient) -> None:
    headers = client.get("/own").headers
    assert headers.get_list("content-security-policy") == [OWN]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/v1/collections", "/v1/nothing", "/own", "/broken"])
def test_what_holds_data_is_kept_by_no_cache(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_the_files_of_pages_may_be_kept(client: TestClient) -> None:
    assert client.get("/docs-files/favicon.png").headers.get("cache-control") != "no-store"


def test_the_reference_runs_its_own_scripts_only(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", scripts)
