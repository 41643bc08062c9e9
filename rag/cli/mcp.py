"""`trident mcp`: the questions as tools for language models."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from rag.cli.options import CollectionOption, StoreOption, settings_from
from rag.errors import FailureError, InputError, StoreLockedError
from rag.settings import API_KEY_VARIABLE

if TYPE_CHECKING:
    from rag.service import Rag
    from rag.settings import Settings


def mcp(
    url: Annotated[
        str | None,
        typer.Option(
            help="Of a running `trident serve` to ask, with the key in TRIDENT_API_KEY, if any; "
            "else the database is opened here.",
            show_default=False,
        ),
    ] = None,
    collection: CollectionOption = None,
    store: StoreOption = None,
) -> None:
    """Serve search, ask, ground and lists as MCP tools over standard input and output."""
    _need_sdk()
    settings = settings_from(store, collection)
    if url:
        _ask_server(_checked(url), settings)
    else:
        _open_here(settings)


def _ask_server(url: str, settings: Settings) -> None:
    import anyio

    from api.mcp.clients import of_server
    from api.mcp.server import listed_tools, serve_stdio

    client = of_server(url, os.environ.get(API_KEY_VARIABLE))
    anyio.run(serve_stdio, listed_tools(settings), client)


def _open_here(settings: Settings) -> None:
    import anyio

    from api.mcp.clients import in_process
    from api.mcp.server import listed_tools, serve_stdio

    with _opened(settings) as rag:
        anyio.run(serve_stdio, listed_tools(settings), in_process(rag))


def _opened(settings: Settings) -> Rag:
    from rag.service import Rag

    try:
        return Rag.open(settings)
    except StoreLockedError as error:
        server = f"http://{settings.server.host}:{settings.server.port}"
        raise StoreLockedError(
            f"{str(error).removesuffix('.')}; where that is `trident serve`, run "
            f"`trident mcp --url {server}`."
        ) from error


def _need_sdk() -> None:
    if find_spec("mcp") is None:
        raise FailureError(
            "MCP needs its official SDK: run `pip install 'trident-rag[mcp]'` and try again."
        )


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(f"{url!r:.80} is no address of a server; write http://127.0.0.1:8100.")
    return url
