"""A server over a database of its own, as clients that index use it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rag.settings import ServerSettings, Settings

if TYPE_CHECKING:
    import httpx
    from fastapi.testclient import TestClient

LOCAL = "http://localhost"  # what a server without keys answers to
FINISHED = {"succeeded", "failed", "cancelled"}


def settings(**server: Any) -> Settings:
    """The defaults but for these of the server."""
    return Settings(server=ServerSettings(**server))


def create(client: TestClient | httpx.Client, name: str, **choices: Any) -> str:
    """Make a collection."""
    response = client.post("/v1/collections", json={"name": name, **choices})
    assert response.status_code == 201, response.text
    return name


def add(client: TestClient | httpx.Client, collection: str, *documents: Any) -> dict[str, Any]:
    """Send documents as JSON; gives the job as it was acknowledged."""
    body = {"documents": list(documents)}
    response = client.post(f"/v1/collections/{collection}/documents", json=body)
    assert response.status_code == 202, response.text
    job: dict[str, Any] = response.json()
    return job


def upload(
    client: TestClient | httpx.Client, collection: str, **files: bytes | str
) -> dict[str, Any]:
    """Send files, named by keyword with _ for the last dot; gives the job."""
    parts = [("files", (".".join(n.rsplit("_", 1)), content)) for n, content in files.items()]
    response = client.post(f"/v1/collections/{collection}/documents", files=parts)
    assert response.status_code == 202, response.text
    job: dict[str, Any] = response.json()
    return job


def finish(client: TestClient | httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """Wait for a job to end."""
    deadline = time.monotonic() + 300
    while job["state"] not in FINISHED:
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
        job = client.get(f"/v1/jobs/{job['id']}").json()
    return job


def ids(client: TestClient | httpx.Client, collection: str) -> list[str]:
    """Ids of the documents of a collection."""
    page = client.get(f"/v1/collections/{collection}/documents").json()
    return [document["id"] for document in page["documents"]]


def wait_until_ready(client: TestClient | httpx.Client) -> None:
    """Wait for the models."""
    deadline = time.monotonic() + 300
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.02)
