"""`trident keys`: who may use the server."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.auth.caller import Scope
from rag.cli.options import JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stderr, stdout
from rag.errors import InputError

if TYPE_CHECKING:
    from api.auth.key import ApiKey
    from api.auth.key_file import KeyFile

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
SPAN = re.compile(r"(?P<count>[1-9][0-9]{0,4})(?P<unit>[hdw])")
SECONDS = {"h": 3600, "d": 86_400, "w": 604_800}


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is, for the list.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it is for; may be repeated; default: read.")
    ] = None,
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", "-c", help="Only this collection; may be repeated."),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="In how long, such as 12h, 90d or 8w; default: never.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. It is shown once: only a hash of it is kept."""
    from api.auth.key import make_key
    from rag.store.schema import check_name

    for granted in collection or ():
        check_name("collection", granted)
    key, text = make_key(name, scope or [Scope.READ], collection, _expiry(expires))
    _key_file(store).add(key)
    stderr.print("Keep this key; it is not shown again:", markup=False)
    if as_json:
        print_json({**summary(key), "key": text})
        return
    stdout.print(text, markup=False)


@app.command("list")
def list_(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List all keys ever made, without their secrets."""
    keys = [summary(key) for key in _key_file(store).all()]
    if as_json:
        print_json(keys)
        return
    for item in keys:
        stdout.print("{id}  {state:8}  {name}: {may}".format(**item, may=_may(item)), markup=False)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse a key from now on, in a running server too."""
    if not _key_file(store).revoke(key_id):
        raise InputError(f"There is no key {key_id!r:.80}; `trident keys list` shows the ids.")
    stderr.print(f"Revoked {key_id}.", markup=False)
    if as_json:
        print_json({"revoked": key_id})


def summary(key: ApiKey) -> dict[str, Any]:
    """A key in plain values, without its hash."""
    return {
        "id": key.id,
        "name": key.name,
        "state": key.state,
        "scopes": sorted(key.scopes),
        "collections": None if key.collections is None else sorted(key.collections),
        "created": _time(key.created),
        "expires": _time(key.expires),
        "revoked": _time(key.revoked),
    }


def _key_file(store: Path | None) -> KeyFile:
    from api.auth.key_file import KeyFile
    from rag.store.state_dir import state_dir

    return KeyFile(state_dir(settings_from(store).store))


def _expiry(span: str | None) -> int | None:
    if span is None:
        return None
    parts = SPAN.fullmatch(span)
    if parts is None:
        raise InputError(f"{span!r:.80} is no span of time; write it such as 12h, 90d or 8w.")
    return int(time.time()) + int(parts["count"]) * SECONDS[parts["unit"]]


def _may(item: dict[str, Any]) -> str:
    where = "all collections" if item["collections"] is None else ", ".join(item["collections"])
    until = f", until {item['expires']}" if item["expires"] else ""
    return f"{', '.join(item['scopes'])} in {where}{until}"


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
