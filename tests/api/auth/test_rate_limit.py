"""So many requests in a moving window, for each client."""

from __future__ import annotations

import pytest

from api.auth.rate_limit import RateLimit, client_of
from api.refusals import RateLimitedError
from rag.errors import SettingsError
from rag.settings import load_settings


def test_each_client_has_its_own_window() -> None:
    limit = RateLimit("2/day")
    for client in ("a", "b"):
        limit.hit(client)
        limit.hit(client)
        with pytest.raises(RateLimitedError, match="2 such requests in 86400 seconds"):
            limit.hit(client)


def test_headers_say_how_many_more_and_when() -> None:
    limit = RateLimit("2/minute")
    assert limit.hit("a")["RateLimit-Policy"] == '"default";q=2;w=60'
    assert limit.hit("a")["RateLimit"].startswith('"default";r=0;t=')
    with pytest.raises(RateLimitedError) as refused:
        limit.hit("a")
    assert 0 < int(refused.value.headers["Retry-After"]) <= 60
    assert "RateLimit" in refused.value.headers


def test_a_refused_request_does_not_count() -> None:
    limit = RateLimit("1/second")
    limit.hit("a")
    with pytest.raises(RateLimitedError) as refused:
        limit.hit("a")
    assert refused.value.headers["Retry-After"] == "1"


def test_more_clients_than_it_remembers_push_out_the_one_that_was_silent_longest() -> None:
    limit = RateLimit("1/day", most_clients=2)
    for client in ("a", "b", "c"):
        limit.hit(client)
    with pytest.raises(RateLimitedError):
        limit.hit("b")
    limit.hit("a")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_host_counts_once_whatever_address_it_takes(address: str, client: str) -> None:
    assert client_of(address) == client


@pytest.mark.parametrize("rate", ["600/minute", "10/5second", "1/day", ""])
def test_these_are_rates(rate: str) -> None:
    assert load_settings({"server": {"rate_limit": rate}}).server.rate_limit == rate


@pytest.mark.parametrize("rate", ["fast", "0/minute", "100000/day", "1/0second", "1 per day", "1/"])
def test_these_are_none(rate: str) -> None:
    with pytest.raises(SettingsError, match="600/minute"):
        load_settings({"server": {"rate_limit": rate}})
