"""`trident models`: which models there are, and getting and checking their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, print_notices, stderr, stdout

if TYPE_CHECKING:
    from rag.encoders.catalogue.model import Model
    from rag.encoders.weights.find import Candidate
    from rag.settings import EncoderSettings

app = typer.Typer(help="List, fetch and verify the models.", no_args_is_help=True)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the presets and all known models: columns, licence, size, revision, place."""
    from rag.encoders.catalogue.models import MODELS
    from rag.encoders.catalogue.registry import PRESETS

    settings = settings_from().encoder
    presets = [
        {
            "name": preset.name,
            "about": preset.about,
            "models": {part.model.key: list(part.columns) for part in preset.parts},
        }
        for preset in PRESETS.values()
    ]
    models = [describe(model, settings) for model in MODELS.values()]
    if as_json:
        print_json({"presets": presets, "models": models})
        return
    for preset in PRESETS.values():
        parts = ", ".join(f"{part.role} from {part.model.key}" for part in preset.parts)
        stdout.print(f"preset {preset.name}: {preset.about} ({parts})", markup=False)
    for model in models:
        stdout.print(_line(model), markup=False)


@app.command()
def fetch(
    name: Annotated[
        str, typer.Argument(help="A preset, a model's key, or organisation/name@commit.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder to put the models in.")],
    as_json: JsonOption = False,
) -> None:
    """Fetch the files of a preset or model into a folder, for here or another machine."""
    from rag.encoders.weights.fetch import fetch_model

    settings = settings_from().encoder
    folders = {}
    for model in _models_of(name, settings):
        stderr.print(f"Fetching {model.name}…", markup=False)
        print_notices(_unpinned(model))
        folders[model.key] = fetch_model(model, to, offline=settings.offline)
    if as_json:
        print_json(folders)
        return
    for folder in folders.values():
        stdout.print(f"{folder}: complete", markup=False)
    stderr.print(f"To use them: TRIDENT_ENCODER__WEIGHTS={to}", markup=False)


@app.command()
def verify(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A preset or a model's key; default: what the settings use.", show_default=False
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="Folder of models to check.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the files of models against what is pinned; exit code 1 if something is wrong."""
    settings = settings_from(encoder={"weights": weights}).encoder
    checks = [_check(model, settings, only=weights) for model in _models_of(name, settings)]
    if as_json:
        print_json(checks)
    else:
        for check in checks:
            mark = "[green]ok  [/]" if check["ok"] else "[red]FAIL[/]"
            stdout.print(mark, end=" ")
            stdout.print("{name}: {detail}".format(**check), markup=False)
    if not all(check["ok"] for check in checks):
        raise typer.Exit(1)


def describe(model: Model, settings: EncoderSettings) -> dict[str, Any]:
    """A model in plain values, and where all its files are on this machine, unchecked."""
    from rag.encoders.catalogue.architectures import ARCHITECTURES
    from rag.encoders.weights.find import place_of_all_files

    place = place_of_all_files(model, settings)
    return {
        "key": model.key,
        "name": model.name,
        "architecture": model.architecture,
        "columns": list(ARCHITECTURES[model.architecture].columns),
        "licence": model.licence,
        "size": model.weights.size,
        "repository": model.hub.repo if model.hub else None,
        "revision": model.hub.revision if model.hub else None,
        "pinned": model.hub.pinned if model.hub else model.weights.sha256 is not None,
        "package": model.package.requirement if model.package else None,
        "path": place.folder if place else None,
        "source": place.source if place else None,
    }


def _line(model: dict[str, Any]) -> str:
    size = f"{model['size'] / 1e6:,.0f} MB" if model["size"] else "size unknown"
    origin = model["repository"] or model["package"]
    revision = f"@{model['revision'][:12]}" if model["revision"] else ""
    pinned = "" if model["pinned"] else " (unpinned)"
    place = f"in {model['path']} ({model['source']})" if model["path"] else "not here"
    return (
        f"{model['key']}: {'+'.join(model['columns'])}, {model['licence']}, {size}, "
        f"{origin}{revision}{pinned}, {place}"
    )


def _models_of(name: str | None, settings: EncoderSettings) -> list[Model]:
    """The models of a preset, the one model of that name, or, without a name, those in use."""
    from rag.encoders.catalogue.named import named_model
    from rag.encoders.catalogue.registry import PRESETS
    from rag.encoders.loading import chosen_preset

    if name is None:
        return [part.model for part in chosen_preset(settings).parts]
    if name in PRESETS:
        return [part.model for part in PRESETS[name].parts]
    return [named_model(name, offline=settings.offline)]


def _unpinned(model: Model) -> tuple[str, ...]:
    if model.hub is None or model.hub.pinned:
        return ()
    branch = f"{model.hub.repo} at {model.hub.revision}"
    return (f"{branch} is pinned to no commit: another day may bring other files.",)


def _check(model: Model, settings: EncoderSettings, only: Path | None) -> dict[str, Any]:
    """Whether a place has the right files; with `only`, no other folder than that counts."""
    from rag.encoders.weights.find import weights_candidates
    from rag.encoders.weights.places import Source

    candidates = [
        candidate
        for candidate in weights_candidates(model, settings)
        if only is None or candidate.place.source is Source.FOLDER
    ]
    good = next((candidate for candidate in candidates if candidate.found), None)
    detail = "; ".join(map(_words, [good] if good else candidates))
    if good and model.weights.sha256 is None:
        detail += f", but no sha256 of {model.weights.name} is known to check it against"
    return {"name": model.name, "key": model.key, "ok": good is not None, "detail": detail}


def _words(candidate: Candidate) -> str:
    return f"{candidate.place.where}: {candidate.problem or 'complete'}"
