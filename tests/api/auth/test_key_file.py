"""The keys of a database, in a file that two processes share."""

from __future__ import annotations

import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest

from api.auth.caller import Scope
from api.auth.key import KEY, KeyState, make_key
from api.auth.key_file import KeyFile, KeyFileError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_key_is_found_again_as_it_was_made(tmp_path: Path) -> None:
    key, text = make_key("me", [Scope.READ, Scope.WRITE], ["a", "b"], 2**40)
    KeyFile(tmp_path).add(key)
    assert KeyFile(tmp_path).find(text) == key
    assert KeyFile(tmp_path).all() == [key]


def test_the_secret_is_nowhere_on_disk(tmp_path: Path) -> None:
    key, text = make_key("me", [Scope.READ])
    KeyFile(tmp_path).add(key)
    secret = KEY.fullmatch(text)["secret"].encode()
    assert all(secret not in path.read_bytes() for path in tmp_path.rglob("*"))


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "new")
    keys.add(make_key("me", [Scope.READ])[0])
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


def test_looking_for_a_key_makes_no_file(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    _, text = make_key("me", [Scope.READ])
    assert (keys.find(text), keys.all(), keys.is_empty(), keys.revoke("x")) == (
        None,
        [],
        True,
        False,
    )
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_was_revoked_elsewhere_is_refused_at_once(tmp_path: Path) -> None:
    server, command = KeyFile(tmp_path), KeyFile(tmp_path)
    key, text = make_key("me", [Scope.READ])
    server.add(key)
    assert server.find(text) == key
    assert command.revoke(key.id)
    assert server.find(text) is None
    assert not server.is_empty()


def test_revoking_twice_keeps_the_first_time(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    key, _ = make_key("me", [Scope.READ])
    keys.add(key)
    keys.revoke(key.id)
    (first,) = keys.all()
    assert keys.revoke(key.id)
    assert keys.all() == [first]
    assert first.state is KeyState.REVOKED


def test_an_expired_key_is_refused(tmp_path: Path) -> None:
    key, text = make_key("me", [Scope.READ], expires=1)
    KeyFile(tmp_path).add(key)
    assert KeyFile(tmp_path).find(text) is None


@pytest.mark.parametrize("text", ["", "tk_", "tk_abc_def", "tk_000000000000_" + "a" * 43, "é" * 60])
def test_what_is_no_key_is_found_by_nobody(tmp_path: Path, text: str) -> None:
    KeyFile(tmp_path).add(make_key("me", [Scope.READ])[0])
    assert KeyFile(tmp_path).find(text) is None


def test_the_id_of_one_key_with_the_secret_of_another_is_refused(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    (one, _), (other, text) = make_key("a", [Scope.READ]), make_key("b", [Scope.READ])
    keys.add(one)
    keys.add(other)
    assert keys.find(text.replace(other.id, one.id)) is None


def test_a_file_that_is_no_database_lets_nobody_in(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    keys.path.write_bytes(b"garbage" * 1000)
    with pytest.raises(KeyFileError, match="cannot be used"):
        keys.is_empty()


def test_a_file_of_a_newer_version_lets_nobody_in(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    keys.add(make_key("me", [Scope.READ])[0])
    with sqlite3.connect(keys.path) as db:
        db.execute("pragma user_version = 99")
    with pytest.raises(KeyFileError, match="newer"):
        keys.is_empty()
