"""`trident eval grounding`: how well the checks find what is not supported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, stderr, stdout
from rag.cli.progress import step_progress

DataOption = Annotated[
    list[Path] | None,
    typer.Option("--data", help="JSONL of {context, answer, label, question?, source?}."),
]
SwapsOption = Annotated[
    Path | None,
    typer.Option(help="JSONL of passages {paragraph|text, title?} whose facts are exchanged."),
]
PairsOption = Annotated[int, typer.Option(min=10, help="Pairs of swapped facts in each part.")]
FitOption = Annotated[bool, typer.Option("--fit", help="Fit the weights on one half of the data.")]
WeightsOption = Annotated[
    Path | None, typer.Option("--out", help="Write the fitted weights to this file.")
]


def grounding(
    data: DataOption = None,
    swaps: SwapsOption = None,
    pairs: PairsOption = 500,
    fit: FitOption = False,
    out: WeightsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Checks against human labels and swapped facts; figures of answers not fitted on."""
    from eval.files import write_json
    from eval.grounding import run as evaluation
    from eval.grounding.table import table

    with step_progress() as progress:
        report = evaluation.run(data or [], swaps, pairs, fit, settings_from(), progress)
    if out and report.weights:
        write_json(out, report.weights)
        stderr.print(f"Weights: {out}; ground.weights can name it.", markup=False)
    if as_json:
        print_json(report)
    else:
        stdout.print(table(report), markup=False)
