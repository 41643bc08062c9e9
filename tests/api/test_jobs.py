"""Jobs by HTTP, and what a kill leaves of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.caller import Caller, Scope
from api.deps import get_caller
from rag.service import Rag
from rag.settings import Settings
from tests.api.indexing import LOCAL, add, create, finish, ids, wait_until_ready
from tests.api.state_elsewhere import StateElsewhere
from tests.rag.cli.command import TRIDENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture(scope="module")
def app(
    tmp_path_factory: pytest.TempPathFactory, store: EmbeddedStore, encoder: Encoder
) -> FastAPI:
    own = StateElsewhere(store, tmp_path_factory.mktemp("state"))
    return create_app(rag=Rag(Settings(), own, encoder))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, LOCAL, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture
def jobs(client: TestClient, collection_name: str) -> list[str]:
    """Ids of three jobs of the test's collection, oldest first."""
    create(client, collection_name)
    sent = [add(client, collection_name, {"id": str(n), "text": "One."}) for n in range(3)]
    return [finish(client, job)["id"] for job in sent]


def test_jobs_are_listed_page_by_page_newest_first(
    client: TestClient, collection_name: str, jobs: list[str]
) -> None:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"collection": collection_name, "limit": "2", "cursor": cursor}
        page = client.get("/v1/jobs", params=query).json()
        found += [job["id"] for job in page["jobs"]]
        cursor = page["next_cursor"]
    assert found == jobs[::-1]


@pytest.mark.parametrize("cursor", ["x", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_was_not_given_out_is_refused(client: TestClient, cursor: str) -> None:
    response = client.get("/v1/jobs", params={"cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_job_that_nobody_sent_is_not_found(client: TestClient, method: str) -> None:
    response = client.request(method, "/v1/jobs/..%2Fx")
    assert response.status_code == 404
    response = client.request(method, "/v1/jobs/nothere")
    assert (response.status_code, response.json()["code"]) == (404, "job_not_found")


def test_cancelling_answers_with_the_job_as_it_stands(client: TestClient, jobs: list[str]) -> None:
    response = client.delete(f"/v1/jobs/{jobs[0]}")
    assert (response.status_code, response.json()["state"]) == (202, "succeeded")


def test_jobs_of_a_collection_that_was_not_granted_are_not_there(
    app: FastAPI, client: TestClient, jobs: list[str]
) -> None:
    stranger = Caller("stranger", frozenset(Scope), frozenset({"another"}))
    app.dependency_overrides[get_caller] = lambda: stranger
    try:
        assert client.get("/v1/jobs").json() == {"jobs": [], "next_cursor": None}
        for method in ("GET", "DELETE"):
            assert client.request(method, f"/v1/jobs/{jobs[0]}").status_code == 404
    finally:
        app.dependency_overrides.clear()


@pytest.mark.usefixtures("client")
def test_a_second_server_of_a_database_leaves_indexing_to_the_first(app: FastAPI) -> None:
    second = create_app(rag=app.state.trident.rag)
    with TestClient(second, LOCAL, raise_server_exceptions=False) as other:
        wait_until_ready(other)
        assert other.get("/v1/collections").status_code == 200
        response = other.get("/v1/jobs")
        assert (response.status_code, response.json()["code"]) == (503, "store_locked")


@contextmanager
def serving(store: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes]]]:
    """`trident serve` on a free port, killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "TRIDENT_STORE__PATH": str(store),
        "TRIDENT_ENCODER__RUNTIME": "torch",
    }
    server = subprocess.Popen([TRIDENT, "serve", "--port", str(port)], env=environment)
    transport = httpx.HTTPTransport(retries=20)  # until it listens
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=60, transport=transport
        ) as client:
            wait_until_ready(client)
            yield client, server
    finally:
        server.kill()
        server.wait(30)


@pytest.mark.slow
def test_what_was_acknowledged_is_indexed_even_if_the_server_is_killed_at_once(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as (client, server):
        create(client, "bees")
        job = add(client, "bees", *({"id": f"d{n}", "text": f"Bee {n}."} for n in range(200)))
        server.send_signal(signal.SIGKILL)
        server.wait(30)
    with serving(tmp_path) as (client, _):
        done = finish(client, job)
        assert (done["state"], done["errors"]) == ("succeeded", [])
        assert len(ids(client, "bees")) == 100  # the first page
        assert client.get("/v1/collections/bees").json()["documents"] == 200
        found = client.post("/v1/search", json={"question": "Bee 199", "collection": "bees"}).json()
        assert "d199" in [passage["doc_id"] for passage in found["passages"]]
