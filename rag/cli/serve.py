"""`trident serve`: the HTTP door."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import CollectionOption, StoreOption, settings_from
from rag.cli.output import stderr


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    collection: CollectionOption = None,
    store: StoreOption = None,
) -> None:
    """Answer over HTTP: POST /v1/search, POST /v1/query; the reference is at /docs."""
    import uvicorn

    from api.app import create_app

    settings = settings_from(store, collection, server={"host": host, "port": port})
    address = f"http://{settings.server.host}:{settings.server.port}"
    stderr.print(f"Trident at {address} (reference: {address}/docs)", markup=False)
    uvicorn.run(create_app(settings), host=settings.server.host, port=settings.server.port)
