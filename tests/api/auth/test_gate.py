"""Every route but the open ones asks for a key before it reads a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.caller import Scope
from api.auth.open_paths import is_open
from rag.service import Rag
from rag.settings import ServerSettings, Settings
from tests.api.auth.guarded import Guarded, bearer, guarded_app
from tests.api.state_elsewhere import StateElsewhere

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = {"question": "volcano"}


def operations(client: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of whatever the application can be asked."""
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


def test_every_route_is_open_or_asks_for_a_key(guarded: Guarded) -> None:
    for method, path, operation in operations(guarded.client):
        response = guarded.client.request(method, path)
        if is_open(path):
            assert "security" not in operation
            assert response.status_code == 200, path
        else:
            assert operation["security"] == [{"bearer": []}, {"header": []}], path
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"] == "Bearer"


def test_every_route_that_asks_for_a_key_documents_the_refusals(guarded: Guarded) -> None:
    for _, path, operation in operations(guarded.client):
        if "security" in operation:
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), path


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/livez", "/readyz", "/"])
def test_what_holds_no_data_is_open(guarded: Guarded, path: str) -> None:
    assert guarded.client.get(path).status_code == 200


def test_a_path_that_does_not_exist_is_not_told_to_strangers(guarded: Guarded) -> None:
    assert guarded.client.get("/v1/nothing").status_code == 401
    assert guarded.client.get("/v1/nothing", headers=guarded.headers()).status_code == 404


def test_a_stranger_is_refused_before_the_body_is_read(guarded: Guarded) -> None:
    read = []

    def pieces() -> Any:
        for _ in range(100):
            read.append(1)
            yield b" " * 100_000

    response = guarded.client.post("/v1/search", content=pieces())
    assert response.status_code == 401  # not 413: nothing was counted


def test_a_key_is_taken_from_either_header(guarded: Guarded, corpus: str) -> None:
    key = guarded.key(Scope.READ)
    for headers in (bearer(key), {"X-API-Key": key}):
        body = {**QUESTION, "collection": corpus}
        assert guarded.client.post("/v1/search", json=body, headers=headers).status_code == 200


def test_a_key_that_was_revoked_is_refused_by_the_next_request(guarded: Guarded) -> None:
    headers = guarded.headers(Scope.READ)
    assert guarded.client.get("/v1/collections", headers=headers).status_code == 200
    guarded.keys.revoke(headers["Authorization"].split("_")[1])
    refused = guarded.client.get("/v1/collections", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")


def test_an_expired_key_is_refused(guarded: Guarded) -> None:
    headers = bearer(guarded.key(Scope.READ, expires=1))
    assert guarded.client.get("/v1/collections", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "allowed"),
    [
        ((Scope.READ,), "GET", "/v1/collections", True),
        ((Scope.WRITE,), "GET", "/v1/collections", False),
        ((Scope.READ, Scope.WRITE), "DELETE", "/v1/collections/nowhere", False),
        ((Scope.ADMIN,), "DELETE", "/v1/collections/nowhere", True),
        ((Scope.READ,), "DELETE", "/v1/collections/nowhere/documents/x", False),
        ((Scope.WRITE,), "DELETE", "/v1/collections/nowhere/documents/x", True),
    ],
)
def test_a_key_is_good_for_its_scopes_only(
    guarded: Guarded, scopes: tuple[Scope, ...], method: str, path: str, allowed: bool
) -> None:
    response = guarded.client.request(method, path, headers=guarded.headers(*scopes))
    assert (response.status_code != 403) is allowed
    if not allowed:
        assert response.json()["code"] == "forbidden"


def test_a_key_has_so_many_requests_whatever_other_keys_send(rag: Rag, tmp_path: Path) -> None:
    with guarded_app(rag, tmp_path, rate_limit="2/day") as guarded:
        one, other = guarded.headers(), guarded.headers()
        answers = [guarded.client.get("/v1/collections", headers=one) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["ratelimit"].startswith('"default";r=1;')
        assert answers[2].json()["code"] == "rate_limited"
        assert int(answers[2].headers["retry-after"]) > 0
        assert guarded.client.get("/v1/collections", headers=other).status_code == 200


def test_guessing_is_limited_but_keeps_no_good_key_out(rag: Rag, tmp_path: Path) -> None:
    with guarded_app(rag, tmp_path, failure_rate_limit="2/day") as guarded:
        wrong = bearer("tk_000000000000_" + "a" * 43)
        statuses = [
            guarded.client.get("/v1/collections", headers=wrong).status_code for _ in range(3)
        ]
        assert statuses == [401, 401, 429]
        good = guarded.client.get("/v1/collections", headers=guarded.headers())
        assert good.status_code == 200


def test_without_keys_an_address_may_be_limited(rag: Rag, tmp_path: Path) -> None:
    settings = Settings(
        server=ServerSettings(allowed_hosts=("testserver",), address_rate_limit="1/day")
    )
    own = Rag(settings, StateElsewhere(rag.store, tmp_path), rag.encoder)
    client = TestClient(create_app(rag=own))
    statuses = [client.get("/v1/nothing").status_code for _ in range(2)]
    assert statuses == [404, 429]


def test_without_keys_other_names_and_other_sites_are_refused(rag: Rag, tmp_path: Path) -> None:
    own = Rag(Settings(), StateElsewhere(rag.store, tmp_path), rag.encoder)
    client = TestClient(create_app(rag=own), base_url="http://localhost")
    assert client.get("/v1/nothing").status_code == 404
    other_name = client.get("/v1/nothing", headers={"Host": "evil.example"})
    assert (other_name.status_code, other_name.json()["code"]) == (400, "host_not_allowed")
    other_site = client.post("/v1/nothing", headers={"Origin": "https://evil.example"})
    assert (other_site.status_code, other_site.json()["code"]) == (403, "foreign_origin")


def test_a_file_of_keys_that_cannot_be_read_closes_the_server(rag: Rag, tmp_path: Path) -> None:
    with guarded_app(rag, tmp_path) as guarded:
        guarded.keys.path.write_bytes(b"garbage" * 1000)
        response = guarded.client.get("/v1/collections")
    assert (response.status_code, response.json()["code"]) == (500, "keys_unreadable")
    assert str(tmp_path) not in response.text
