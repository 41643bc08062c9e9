"""`trident keys`, beside a server that has the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.auth.key_file import KeyFile
from rag.cli.keys import app
from rag.errors import InputError
from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path


def keys(*arguments: str, store: Path) -> str:
    """What the command prints, in this process."""
    done = CliRunner().invoke(app, [*arguments, "--store", str(store)], catch_exceptions=False)
    return done.stdout


def test_a_key_is_shown_once_and_good_from_then_on(tmp_path: Path) -> None:
    arguments = ("--scope", "read", "--scope", "write", "--collection", "a", "--expires", "90d")
    made = trident_json("keys", "create", "alice laptop", *arguments, store=tmp_path)
    key = KeyFile(tmp_path).find(made["key"])
    assert key is not None
    assert (key.id, sorted(key.scopes), key.collections) == (made["id"], ["read", "write"], {"a"})
    assert key.expires is not None
    assert key.expires - key.created == 90 * 86_400
    listed = keys("list", store=tmp_path)
    assert made["id"] in listed
    assert made["key"] not in listed
    (item,) = json.loads(keys("list", "--json", store=tmp_path))
    assert item == {name: value for name, value in made.items() if name != "key"}


def test_a_key_reads_all_collections_for_ever_unless_told_otherwise(tmp_path: Path) -> None:
    text = keys("create", "reader", store=tmp_path).strip()
    key = KeyFile(tmp_path).find(text)
    assert key is not None
    assert (sorted(key.scopes), key.collections, key.expires) == (["read"], None, None)


def test_a_revoked_key_is_refused_from_then_on(tmp_path: Path) -> None:
    made = json.loads(keys("create", "reader", "--json", store=tmp_path))
    assert json.loads(keys("revoke", made["id"], "--json", store=tmp_path))["revoked"] == made["id"]
    assert KeyFile(tmp_path).find(made["key"]) is None
    (item,) = json.loads(keys("list", "--json", store=tmp_path))
    assert item["state"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "a;b"), "name of a key"),
        (("create", "a", "--collection", "../x"), "name of a collection"),
        (("create", "a", "--expires", "soon"), "no span of time"),
        (("create", "a", "--expires", "0d"), "no span of time"),
        (("revoke", "nobody"), "no key 'nobody'"),
    ],
)
def test_bad_input_makes_no_key(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = CliRunner().invoke(app, [*arguments, "--store", str(tmp_path)])
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)
    assert not KeyFile(tmp_path).path.exists()


def test_a_server_that_others_reach_does_not_start_without_a_key(tmp_path: Path) -> None:
    done = trident("serve", "--host", "0.0.0.0", store=tmp_path, code=2)
    assert "trident keys create" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_server_that_others_reach_does_not_start_with_auth_off(tmp_path: Path) -> None:
    keys("create", "reader", store=tmp_path)
    off = {"TRIDENT_SERVER__AUTH": "off"}
    done = trident("serve", "--host", "0.0.0.0", store=tmp_path, code=2, variables=off)
    assert "server.auth is off" in done.stderr
