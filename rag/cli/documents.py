"""`trident documents`: the documents of a collection."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from rag.cli.options import CollectionOption, JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stderr, stdout
from rag.errors import InputError

app = typer.Typer(help="List, show and delete documents.", no_args_is_help=True)

MOST = 1000
LimitOption = Annotated[int, typer.Option(min=1, max=MOST, help="How many to show.")]
IdArgument = Annotated[str, typer.Argument(help="The document's id, as `list` shows it.")]


@app.command("list")
def list_(
    collection: CollectionOption = None,
    limit: LimitOption = 50,
    after: Annotated[str, typer.Option(help="Begin after this id: the `next` of a page.")] = "",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List documents by id, page by page."""
    from rag.service import Rag

    settings = settings_from(store, collection)
    with Rag.open(settings) as rag:
        found = rag.store.list_documents(settings.collection, limit + 1, after)
    page = found[:limit]
    following = page[-1].doc_id if len(found) > limit else None
    if as_json:
        print_json({"documents": page, "next": following})
        return
    for document in page:
        stdout.print(f"{document.doc_id}: {document.rows} rows, {document.source}", markup=False)
    if following is not None:
        stderr.print(f"More: --after {following!r}", markup=False)


@app.command()
def show(
    doc_id: IdArgument,
    collection: CollectionOption = None,
    first: Annotated[int, typer.Option(min=0, help="The first chunk to show, from 0.")] = 0,
    limit: LimitOption = 50,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document's chunks as they are stored."""
    from rag.service import Rag

    settings = settings_from(store, collection)
    with Rag.open(settings) as rag:
        chunks = rag.store.chunks(settings.collection, doc_id)
    if not chunks:
        raise InputError(
            f"There is no document {doc_id!r:.200} in {settings.collection}; "
            "`trident documents list` shows those that are there."
        )
    shown = [asdict(chunk) for chunk in chunks[first : first + limit]]
    following = first + limit if first + limit < len(chunks) else None
    if as_json:
        print_json({"id": doc_id, "title": chunks[0].title, "chunks": shown, "next": following})
        return
    stdout.print(f"{doc_id}: {chunks[0].title} ({len(chunks)} chunks)", markup=False)
    for chunk in shown:
        stdout.print(chunk_lines(chunk), markup=False)
    if following is not None:
        stderr.print(f"More: --first {following}")


@app.command()
def delete(
    doc_ids: Annotated[list[str], typer.Argument(help="Ids, as `list` shows them.")],
    collection: CollectionOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete documents; their files stay, and are indexed again by the next run over them."""
    from indexers.removal import delete_documents
    from rag.service import Rag

    if not yes:
        typer.confirm(f"Delete {len(doc_ids)} documents?", abort=True, err=True)
    settings = settings_from(store, collection)
    with Rag.open(settings) as rag:
        removal = delete_documents(rag.store, settings.collection, list(dict.fromkeys(doc_ids)))
    if as_json:
        print_json(removal)
    else:
        stdout.print(f"Deleted {len(removal.deleted)} documents.")
    for source in removal.returning:
        stderr.print(
            f"Note: {source} is still there; the next `trident index` over it writes it again.",
            markup=False,
            style="yellow",
        )


def chunk_lines(chunk: dict[str, Any]) -> str:
    """A chunk for a person to read."""
    return f"\n[{chunk['position']}] characters {chunk['start']}-{chunk['end']}\n{chunk['text']}"
