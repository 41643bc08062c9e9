"""What a server tells of itself, and what it keeps to itself."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from rag.service import Rag


def test_versions_models_defaults_and_limits_are_told(client: TestClient, rag: Rag) -> None:
    info = client.get("/info").json()
    assert (info["version"], info["engine"]) == (version("trident-rag"), rag.store.engine_version)
    assert [(m["name"], m["sha256"]) for m in info["encoder"]["models"]] == [
        (model.name, model.sha256) for model in rag.encoder.info.models
    ]
    assert info["search"]["top_k"] == rag.settings.search.top_k
    assert info["limits"]["queue"] == rag.settings.server.queue
    assert info["generator"] == "extractive"


def test_no_place_on_the_server_is_told(client: TestClient, rag: Rag) -> None:
    told = client.get("/info").text
    assert str(rag.store.state_dir) not in told
    assert not [model.path for model in rag.encoder.info.models if model.path in told]


def test_the_reference_has_both_with_their_problems(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"200", "401", "403", "503"} <= paths["/info"]["get"]["responses"].keys()
    assert "text/plain" in paths["/metrics"]["get"]["responses"]["200"]["content"]
    search = paths["/v1/search"]["post"]["responses"]["200"]
    assert "X-Cache" in search["headers"]
    assert search["content"]["application/json"]["schema"]
