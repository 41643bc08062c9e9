"""`trident serve`: the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import CollectionOption, StoreOption, settings_from


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    collection: CollectionOption = None,
    store: StoreOption = None,
) -> None:
    """Answer over HTTP: POST /v1/search, POST /v1/query; the reference is at /docs."""
    from api.server import run

    run(settings_from(store, collection, server={"host": host, "port": port}))
