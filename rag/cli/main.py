"""The command `trident`: one file a command, errors as one sentence.

Exit codes: 0 done, 1 failure, 2 bad input, 3 done but some documents were skipped as
unreadable, 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from rag.cli import bench, collections, config, documents, evaluate, keys, models
from rag.cli.ask import ask
from rag.cli.demo import demo
from rag.cli.doctor import doctor
from rag.cli.ground import ground
from rag.cli.index import index
from rag.cli.mcp import mcp
from rag.cli.output import print_error
from rag.cli.search import search
from rag.cli.serve import serve
from rag.cli.train import train
from rag.errors import TridentError

app = typer.Typer(
    help="Hybrid retrieval, late-interaction reranking and cited answers from your documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (index, search, ask, ground, serve, mcp, doctor, demo, train):
    app.command()(command)
app.add_typer(collections.app, name="collections")
app.add_typer(documents.app, name="documents")
app.add_typer(keys.app, name="keys")
app.add_typer(config.app, name="config")
app.add_typer(models.app, name="models")
app.add_typer(bench.app, name="bench")
app.add_typer(evaluate.app, name="eval")


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Hybrid retrieval, late-interaction reranking and cited answers from your documents."""
    if show_version:
        typer.echo(f"trident {version('trident-rag')}")
        raise typer.Exit


def main() -> None:
    """Run a command; an expected error becomes one sentence and an exit code."""
    try:
        app()
    except TridentError as error:
        print_error(error)
        sys.exit(error.exit_code)
