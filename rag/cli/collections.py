"""`trident collections`: what the database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stderr, stdout

if TYPE_CHECKING:
    from rag.store.base import CollectionInfo

app = typer.Typer(help="List and drop collections.", no_args_is_help=True)


@app.command("list")
def list_(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the collections with their sizes and encoders."""
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag:
        collections = [summary(info) for info in rag.store.collections()]
    if as_json:
        print_json(collections)
        return
    for item in collections:
        line = "{name}: {documents} documents, {chunks} chunks, made with {encoder}, {created}"
        stdout.print(line.format(**item), markup=False)


@app.command()
def drop(
    name: str,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = None,
) -> None:
    """Delete a collection and all that is in it."""
    from rag.service import Rag

    if not yes:
        typer.confirm(f"Delete the collection {name} and all that is in it?", abort=True)
    with Rag.open(settings_from(store)) as rag:
        rag.store.drop_collection(name)
    stderr.print(f"Deleted {name}.", markup=False)


def summary(info: CollectionInfo) -> dict[str, Any]:
    """A collection in plain values."""
    return {
        "name": info.spec.name,
        "documents": info.documents,
        "chunks": info.rows,
        "encoder": info.spec.encoder.identity,
        "fields": dict(info.spec.fields),
        "created": info.created,
    }
