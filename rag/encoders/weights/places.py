"""The places where a model's files may be, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rag.encoders.weights.hub import cached_snapshot, download, hub_is_off, hub_is_reachable
from rag.errors import WeightsError

if TYPE_CHECKING:
    from rag.encoders.catalogue.model import Model
    from rag.settings import EncoderSettings


class Source(StrEnum):
    """Kind of place."""

    FOLDER = "named folder"
    CACHE = "hub cache"
    HUB = "hub"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Place:
    """Where was looked, in words, and the folder there; None: nothing is there."""

    source: Source
    where: str
    folder: Path | None


Locate: TypeAlias = Callable[["Model", "EncoderSettings"], "Place | None"]


def own_folder(model: Model, _settings: EncoderSettings) -> Place | None:
    """The folder by which the user named this very model."""
    return named_place(model.folder) if model.folder else None


def named_folder(model: Model, settings: EncoderSettings) -> Place | None:
    """`encoder.weights`/key, if the user named a folder."""
    if settings.weights is None or model.folder:
        return None
    return named_place(settings.weights.expanduser() / model.key)


def named_place(folder: Path) -> Place:
    """A folder that the user named."""
    return Place(Source.FOLDER, f"the folder {folder}", folder if folder.is_dir() else None)


def hub_cache(model: Model, _settings: EncoderSettings | None = None) -> Place | None:
    """The local hub cache: the pinned revision, else, if the bytes are known, `main`."""
    if model.hub is None:
        return None
    from huggingface_hub import constants

    revisions = [model.hub.revision, *(["main"] if model.weights.sha256 else [])]
    snapshots = (cached_snapshot(model.hub.repo, model.weights.name, each) for each in revisions)
    folder = next((snapshot for snapshot in snapshots if snapshot), None)
    return Place(Source.CACHE, f"the hub cache {constants.HF_HUB_CACHE}", folder)


def hub(model: Model, settings: EncoderSettings) -> Place | None:
    """The hub itself: the files are downloaded into its cache, unless it is out of reach."""
    if model.hub is None:
        return None
    where = f"the hub repository {model.hub.repo}"
    if settings.offline or hub_is_off():
        return Place(Source.HUB, f"{where} (offline)", None)
    if not hub_is_reachable():
        return Place(Source.HUB, f"{where} (out of reach)", None)
    try:
        folder = download(model.hub, [file.name for file in model.all_files])
    except WeightsError as error:
        return Place(Source.HUB, f"{where} ({error})", None)
    return Place(Source.HUB, where, folder)


def package(model: Model, _settings: EncoderSettings | None = None) -> Place | None:
    """The folder of an installed package, found without importing the package."""
    if model.package is None:
        return None
    spec = find_spec(model.package.module)
    roots = (spec.submodule_search_locations or []) if spec else []
    folders = (Path(root) / model.package.folder for root in roots)
    where = f"the Python package {model.package.requirement}"
    return Place(Source.PACKAGE, where, next((f for f in folders if f.is_dir()), None))


LOCAL_PLACES: tuple[Locate, ...] = (own_folder, named_folder, hub_cache, package)
PLACES: tuple[Locate, ...] = (own_folder, named_folder, hub_cache, hub, package)
