"""`trident collections`: what the database holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import ContextOption, JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stderr, stdout
from rag.cli.progress import rows_progress

if TYPE_CHECKING:
    from rag.store.base import CollectionInfo

app = typer.Typer(help="List, keep up, copy and drop collections.", no_args_is_help=True)
MERGED = {
    True: "one part each",
    False: "left as they are, since documents were replaced or deleted, or a server merges them",
}


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
    as_json: JsonOption = False,
) -> None:
    """Delete a collection and all that is in it."""
    from rag.service import Rag

    if not yes:
        typer.confirm(f"Delete the collection {name} and all that is in it?", abort=True)
    with Rag.open(settings_from(store)) as rag:
        rag.store.drop_collection(name)
    stderr.print(f"Deleted {name}.", markup=False)
    if as_json:
        print_json({"deleted": name})


@app.command()
def optimize(
    name: str,
    drop_index: Annotated[
        bool, typer.Option("--drop", help="Remove the index instead: search exhaustively.")
    ] = False,
    merge_only: Annotated[
        bool, typer.Option("--merge-only", help="Leave the token vectors as they are.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Merge the indexes of all legs, and index the token vectors.

    With the latter the tensor leg gets fast and approximate. Writing to the collection removes
    that index; run this again when indexing is done.
    """
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag:
        if not drop_index:
            merged = rag.store.merge_indexes(name, always=True)
            stderr.print(f"The indexes of {name}: {MERGED[merged]}.", markup=False)
        if not merge_only:
            change = rag.store.drop_tensor_index if drop_index else rag.store.build_tensor_index
            change(name)
        state = rag.store.tensor_index(name)
    stderr.print(f"The tensor index of {name}: {state}.", markup=False)
    if as_json:
        print_json({"collection": name, "tensor_index": state})


@app.command()
def export(name: str, file: Path, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write a collection with all its columns to a Parquet file."""
    from indexers.upkeep.files import export_collection
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag, rows_progress("export") as progress:
        info = export_collection(rag.store, name, file, progress)
    tell(info, f"to {file}", as_json)


@app.command("import")
def import_(
    file: Path,
    name: Annotated[str | None, typer.Option("--as", help="Another name for it.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a collection of a file that was exported."""
    from indexers.upkeep.files import import_collection
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag, rows_progress("import") as progress:
        info = import_collection(rag.store, file, name, rag.encoder.info, progress)
    tell(info, f"from {file}", as_json)


@app.command()
def copy(name: str, to: str, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Make the same collection under another name."""
    from indexers.upkeep.rebuild import copy_collection
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag, rows_progress("copy") as progress:
        info = copy_collection(rag.store, name, to, progress)
    tell(info, f"from {name}", as_json)


@app.command()
def rebuild(
    name: str,
    preset: Annotated[
        str | None, typer.Option(help="Encode the texts anew with this preset.")
    ] = None,
    context: ContextOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a collection anew from its rows and put it in its place: searches go on meanwhile.

    It needs room for a second collection on disk while it runs.
    """
    from indexers.upkeep.rebuild import rebuild_collection
    from rag.service import Rag

    settings = settings_from(store, encoder={"preset": preset})
    with Rag.open(settings) as rag, rows_progress("rebuild") as progress:
        encoder = rag.encoder if preset or context else None
        info = rebuild_collection(rag.store, name, encoder, progress, context)
    tell(info, "rebuilt", as_json)


@app.command()
def compact(name: str, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Rebuild a collection if enough of its rows are deleted ones."""
    from indexers.upkeep.rebuild import DEAD_SHARE, compact_collection
    from rag.service import Rag

    with Rag.open(settings_from(store)) as rag, rows_progress("compact") as progress:
        done, share = compact_collection(rag.store, name, progress)
    outcome = "it was rebuilt" if done else f"it is rebuilt from {DEAD_SHARE:.0%} on"
    stderr.print(f"{share:.0%} of the rows of {name} were deleted ones; {outcome}.", markup=False)
    if as_json:
        print_json({"collection": name, "rebuilt": done, "dead_share": share})


def tell(info: CollectionInfo, what: str, as_json: bool) -> None:
    """What became of a collection."""
    stderr.print(
        f"{info.spec.name}: {info.documents} documents in {info.rows} rows, {what}.", markup=False
    )
    if as_json:
        print_json(summary(info))


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
