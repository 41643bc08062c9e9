"""`trident bench serve`: the server under load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.figures import report
from rag.cli.options import JsonOption, settings_from
from rag.cli.progress import step_progress
from rag.errors import InputError

if TYPE_CHECKING:
    from eval.serve.plan import Plan

STEP_SECONDS = 10.0
LONGEST = 3600.0


def serve(
    rows: Annotated[int, typer.Option(min=10, help="Chunks in the synthetic collection.")] = 20_000,
    clients: Annotated[
        str, typer.Option(help="Clients that ask at once, comma-separated: a step each.")
    ] = "1,4,16,64",
    seconds: Annotated[
        float, typer.Option(min=1, max=LONGEST, help="Of each step, or of the whole load.")
    ] = STEP_SECONDS,
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Everything at once instead: does memory grow?")
    ] = False,
    chaos: Annotated[
        bool, typer.Option("--chaos", help="Kill the server under load: is anything lost?")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option(help="Folder for the collection, which others reuse.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The server under load: rate, latency, errors and memory at 1 to 64 clients."""
    from eval.serve.plan import Plan

    if mixed and chaos:
        raise InputError("--mixed and --chaos are measured one at a time; give one of them.")
    many = [_clients(part) for part in clients.split(",")]
    with step_progress() as progress:
        plan = Plan(settings_from(), rows, seconds, keep, progress)
        result = _chaos(plan) if chaos else _mixed(plan) if mixed else _steps(plan, many)
    report(result, as_json)


def _steps(plan: Plan, clients: list[int]) -> dict[str, Any]:
    from eval.serve import bench

    return bench.run(plan, clients).to_dict()


def _mixed(plan: Plan) -> dict[str, Any]:
    from eval.serve import mixed

    return mixed.run(plan).to_dict()


def _chaos(plan: Plan) -> dict[str, Any]:
    from eval.serve import chaos

    with plan.store() as store:
        return chaos.run(store, plan.seconds).to_dict()


def _clients(text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= 256:
        raise InputError(f"{text!r} is no number of clients; give 1 to 256, as 1,4,16.")
    return int(text)
