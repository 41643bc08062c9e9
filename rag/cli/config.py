"""`trident config`: the settings in force."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import JsonOption
from rag.cli.output import print_json, stdout

app = typer.Typer(help="Look at the settings.", no_args_is_help=True)


@app.callback()
def config() -> None:
    """Look at the settings."""


@app.command()
def show(
    with_origins: Annotated[
        bool, typer.Option("--origins", help="Say where each value comes from.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every setting and, with --origins, whether flag, environment or file gave it."""
    from rag.settings import origins

    settings = origins()
    if as_json:
        print_json({name: {"value": v, "origin": o} for name, (v, o) in settings.items()})
        return
    for name, (value, origin) in settings.items():
        stdout.print(f"{name} = {value}" + (f"  ({origin})" if with_origins else ""), markup=False)
