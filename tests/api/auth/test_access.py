"""When a server asks for keys, and when it does not start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers

from api.auth.access import Access, is_loopback, sent_key
from api.auth.caller import EVERYONE, Scope
from api.auth.key import make_key
from api.auth.key_file import KeyFile
from api.refusals import UnauthenticatedError
from rag.errors import SettingsError
from rag.settings import ServerSettings

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = Headers({"host": "localhost:8100"})


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path)


@pytest.fixture
def a_key(keys: KeyFile) -> str:
    key, text = make_key("me", [Scope.READ], ["a"])
    keys.add(key)
    return text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_these_addresses_are_for_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "localhost.x"])
def test_others_can_reach_these(host: str) -> None:
    assert not is_loopback(host)


def test_on_this_machine_no_key_is_asked_for_until_one_is_made(keys: KeyFile) -> None:
    access = Access(ServerSettings(), keys)
    assert access.caller(LOCAL) is EVERYONE
    keys.add(make_key("me", [Scope.READ])[0])
    with pytest.raises(UnauthenticatedError, match="Send a key"):
        access.caller(LOCAL)


def test_a_key_that_was_revoked_does_not_open_the_server_again(keys: KeyFile, a_key: str) -> None:
    access = Access(ServerSettings(), keys)
    keys.revoke(keys.all()[0].id)
    with pytest.raises(UnauthenticatedError, match="revoked"):
        access.caller(Headers({"x-api-key": a_key}))


def test_a_key_says_who_asks(keys: KeyFile, a_key: str) -> None:
    caller = Access(ServerSettings(), keys).caller(Headers({"authorization": f"Bearer {a_key}"}))
    assert caller.name == keys.all()[0].id
    assert caller.scopes == {Scope.READ}
    assert caller.sees("a")
    assert not caller.sees("b")


@pytest.mark.parametrize("auth", ["auto", "on"])
def test_a_server_that_others_reach_does_not_start_without_a_key(keys: KeyFile, auth: str) -> None:
    with pytest.raises(SettingsError, match="trident keys create"):
        Access(ServerSettings(host="0.0.0.0", auth=auth), keys)


@pytest.mark.usefixtures("a_key")
def test_a_server_that_others_reach_never_goes_without_keys(keys: KeyFile) -> None:
    with pytest.raises(SettingsError, match=r"server\.auth is off"):
        Access(ServerSettings(host="0.0.0.0", auth="off"), keys)
    assert Access(ServerSettings(host="0.0.0.0"), keys).needs_key


@pytest.mark.usefixtures("a_key")
def test_off_goes_without_keys_though_there_are_some(keys: KeyFile) -> None:
    assert Access(ServerSettings(auth="off"), keys).caller(LOCAL) is EVERYONE


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({"authorization": "Bearer k"}, "k"),
        ({"authorization": "bearer  k "}, "k"),
        ({"x-api-key": "k"}, "k"),
        ({"authorization": "Basic k"}, ""),
        ({"authorization": "Basic x", "x-api-key": "k"}, "k"),
        ({}, ""),
    ],
)
def test_a_key_is_read_from_either_header(headers: dict[str, str], key: str) -> None:
    assert sent_key(Headers(headers)) == key
