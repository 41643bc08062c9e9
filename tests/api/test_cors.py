"""Pages of other sites may use the server only where the settings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from rag.errors import SettingsError
from rag.settings import ServerSettings, Settings, load_settings

if TYPE_CHECKING:
    from rag.service import Rag

SITE = "https://app.example.org"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def client(rag: Rag, *origins: str) -> TestClient:
    server = ServerSettings(cors_origins=origins, allowed_hosts=("testserver",))
    return TestClient(create_app(Settings(server=server), rag))


def preflight(client: TestClient, origin: str) -> str | None:
    headers = {"Origin": origin, **PREFLIGHT}
    allowed: str | None = client.options("/v1/search", headers=headers).headers.get(
        "access-control-allow-origin"
    )
    return allowed


def test_no_site_is_let_in_by_default(rag: Rag) -> None:
    assert preflight(client(rag), SITE) is None


def test_a_site_that_is_named_is_let_in_and_no_other(rag: Rag) -> None:
    named = client(rag, SITE)
    assert preflight(named, SITE) == SITE
    assert preflight(named, "https://evil.example") is None


def test_a_page_can_read_refusals_and_what_they_say_of_limits(rag: Rag) -> None:
    response = client(rag, SITE).get("/v1/nothing", headers={"Origin": SITE})
    assert response.headers["access-control-allow-origin"] == SITE
    assert "Retry-After" in response.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("origin", ["app.example.org", "https://app.example.org/", "ftp://a", ""])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="no origin"):
        load_settings({"server": {"cors_origins": [origin]}})
