"""A server without keys does nothing for other sites' pages."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from api.auth.browser import refuse_other_sites
from api.refusals import ForeignOriginError, HostNotAllowedError
from rag.settings import ServerSettings

SETTINGS = ServerSettings(allowed_hosts=("trident.lan",), cors_origins=("https://app.example.org",))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8100", "[::1]:8100", "trident.lan:80"]
)
def test_the_servers_own_names_are_answered(host: str) -> None:
    refuse_other_sites(Headers({"host": host}), SETTINGS)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil@localhost",
        "",
        ":1",
    ],
)
def test_a_name_that_resolves_here_is_not_enough(host: str) -> None:
    with pytest.raises(HostNotAllowedError, match="allowed_hosts"):
        refuse_other_sites(Headers({"host": host}), SETTINGS)


@pytest.mark.parametrize("origin", ["http://localhost:8100", "https://app.example.org"])
def test_pages_of_this_server_and_of_named_sites_may_send_requests(origin: str) -> None:
    refuse_other_sites(Headers({"host": "localhost:8100", "origin": origin}), SETTINGS)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:3000", "https://app.example.org:444", ""],
)
def test_pages_of_other_sites_may_not(origin: str) -> None:
    with pytest.raises(ForeignOriginError, match="cors_origins"):
        refuse_other_sites(Headers({"host": "localhost:8100", "origin": origin}), SETTINGS)


def test_a_star_lets_every_page() -> None:
    settings = ServerSettings(cors_origins=("*",))
    refuse_other_sites(Headers({"host": "localhost", "origin": "https://a.example"}), settings)
