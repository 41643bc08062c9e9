"""`trident train`: make the weights of the default preset's heads anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, stderr, stdout


def train(
    pairs: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="JSONL of title, paragraph and questions."),
    ],
    out: Annotated[Path, typer.Option(help="The file to write, NAME.safetensors.")],
    work: Annotated[Path, typer.Option(help="Folder for states and checkpoint.")],
    text: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="JSONL of docid and text, unlabelled."),
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps of optimisation.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of every random choice.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Train adapter and heads on question-paragraph pairs and unlabelled text.

    Stopped, the same command goes on from the last checkpoint.
    """
    from dataclasses import replace

    from indexers.training.recipe import Recipe
    from indexers.training.run import TrainingRun
    from rag.encoders.loading import set_threads

    settings = settings_from().encoder
    set_threads(settings.threads)
    recipe = replace(Recipe(seed=seed), **({"steps": steps} if steps else {}))
    run = TrainingRun(recipe, pairs, tuple(text or ()), work, settings, _say)
    work.mkdir(parents=True, exist_ok=True)
    figures = run.run(out)
    if as_json:
        print_json(figures)
        return
    for when, ranks in figures.items():
        shown = ", ".join(f"{name} {value:.3f}" for name, value in ranks.items())
        stdout.print(f"held-out MRR {when}: {shown}", markup=False)


def _say(line: str) -> None:
    stderr.print(line, markup=False)
