"""A model that the user names: by its key, by a folder, or by a hub repository and revision."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rag.encoders.catalogue.architectures import ARCHITECTURES
from rag.encoders.catalogue.model import HubRepository, Model, ModelFile
from rag.encoders.catalogue.models import MODELS
from rag.encoders.catalogue.recognise import recognise
from rag.encoders.weights.files import WEIGHTS, model_files, sha256_of
from rag.encoders.weights.hub import snapshot
from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.columns import Column

HUB_NAME = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(@(?P<revision>[\w./-]+))?")
UNKNOWN_LICENCE = "not stated"


def model_by_name(name: str, column: Column, *, offline: bool = False) -> Model:
    """The model that `name` means, if it can fill `column`.

    `name` is a key of MODELS, an existing folder, or "organisation/name@revision" of the
    hub, of which the files are taken from the local cache or downloaded into it.

    Raises: SettingsError for a name that means nothing or a model that cannot fill the
    column, WeightsError if the hub is needed and out of reach.
    """
    model = named_model(name, offline=offline)
    columns = ARCHITECTURES[model.architecture].columns
    if column not in columns:
        raise SettingsError(
            f"encoder.{column} is {name!r}, a model that can fill {_in_words(columns)}; "
            "name another one."
        )
    return model


def _in_words(columns: Sequence[Column]) -> str:
    return f"only {' and '.join(columns)}" if columns else "no column"


def named_model(name: str, *, offline: bool = False) -> Model:
    """The model that `name` means. Raises: SettingsError, WeightsError."""
    if name in MODELS:
        return MODELS[name]
    folder = Path(name).expanduser()
    if folder.is_dir():
        return model_in_folder(folder.resolve())
    match = HUB_NAME.fullmatch(name)
    if match is None:
        raise SettingsError(
            f"There is no model or folder {name!r}; name a folder, a repository of the hub as "
            f"organisation/name@commit, or one of {', '.join(MODELS)}."
        )
    if match["revision"] is None:
        raise SettingsError(
            f"The hub repository {name!r} is named without a revision, under which its files may "
            f"change; name it as {name}@ followed by a commit."
        )
    return model_on_hub(HubRepository(match["repo"], match["revision"]), offline=offline)


def model_in_folder(folder: Path) -> Model:
    """The model in a folder; its key and name are of its contents, wherever the folder lies.

    Raises: SettingsError if the folder is of no known kind or holds no weights.
    """
    architecture = recognise(folder)
    weights, files = _hashed_files(folder)
    contents = "".join(f"{file.name} {file.sha256}\n" for file in (*files, weights))
    key = f"{architecture}-{hashlib.sha256(contents.encode()).hexdigest()[:12]}"
    return Model(
        key=key,
        name=key,
        architecture=architecture,
        licence=UNKNOWN_LICENCE,
        weights=weights,
        files=files,
        folder=folder,
    )


def model_on_hub(repository: HubRepository, *, offline: bool = False) -> Model:
    """The model in a repository of the hub. Raises: SettingsError, WeightsError."""
    folder = snapshot(repository, offline=offline)
    weights, files = _hashed_files(folder)
    return Model(
        key=f"{repository.repo.replace('/', '--')}@{repository.revision.replace('/', '-')[:12]}",
        name=repository.repo,
        architecture=recognise(folder),
        licence=UNKNOWN_LICENCE,
        weights=weights,
        files=files,
        hub=repository,
    )


def _hashed_files(folder: Path) -> tuple[ModelFile, tuple[ModelFile, ...]]:
    """The weights, and all other files of the model."""
    names = model_files(folder)
    weights = next((name for name in WEIGHTS if name in names), None)
    if weights is None:
        raise SettingsError(f"The folder {folder} holds no weights: no {' or '.join(WEIGHTS)}.")
    files = {name: ModelFile(name, sha256_of(folder / name)) for name in names}
    return files.pop(weights), tuple(files.values())
