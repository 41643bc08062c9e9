"""`trident collections`: what the database holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stderr, stdout

if TYPE_CHECKING:
    from rag.store.base import CollectionInfo

app = typer.Typer(help="List and drop collections.", no_args_is_help=True)


@app.command("list")
def list_(
    column_bytes: Annotated[
        bool, typer.Option("--bytes", help="Estimate the bytes of each column too.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the collections with their sizes and encoders."""
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag:
        collections = [summary(info) for info in rag.store.collections()]
        for item in collections if column_bytes else []:
            item["estimated_bytes"] = rag.store.column_bytes(item["name"])
    if as_json:
        print_json(collections)
        return
    for item in collections:
        line = "{name}: {documents} documents in {rows} {unit} rows, made with {encoder}, {created}"
        stdout.print(line.format(**item), markup=False)
        if column_bytes:
            sizes = ", ".join(f"{name} {size:,}" for name, size in item["estimated_bytes"].items())
            stdout.print(f"  bytes, estimated, without indexes: {sizes}", markup=False)


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


@app.command()
def optimize(
    name: str,
    drop_index: Annotated[
        bool, typer.Option("--drop", help="Remove the index instead: search exhaustively.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Index the token vectors: the tensor leg gets fast and approximate.

    Writing to the collection removes the index; run this again when indexing is done.
    """
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag:
        change = rag.store.drop_tensor_index if drop_index else rag.store.build_tensor_index
        change(name)
        state = rag.store.tensor_index(name)
    stderr.print(f"The tensor index of {name}: {state}.", markup=False)


def summary(info: CollectionInfo) -> dict[str, Any]:
    """A collection in plain values."""
    return {
        "name": info.spec.name,
        "documents": info.documents,
        "rows": info.rows,
        "encoder": info.spec.encoder.identity,
        "fields": dict(info.spec.fields),
        **asdict(info.spec.layout),
        "created": info.created,
    }
