"""The places where a model's files may be, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rag.encoders.model import HubRepository, Model
    from rag.settings import EncoderSettings

REACH_SECONDS = 2.0


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


def named_folder(model: Model, settings: EncoderSettings) -> Place | None:
    """`encoder.weights`/key, if the user named a folder."""
    if settings.weights is None:
        return None
    folder = settings.weights.expanduser() / model.key
    return Place(Source.FOLDER, f"the folder {folder}", folder if folder.is_dir() else None)


def hub_cache(model: Model, _settings: EncoderSettings) -> Place | None:
    """The local hub cache: the pinned revision, else what was last fetched as `main`."""
    if model.hub is None:
        return None
    from huggingface_hub import constants

    snapshots = (
        _cached_snapshot(model.hub.repo, model.weights.name, revision)
        for revision in (model.hub.revision, "main")
    )
    folder = next((snapshot for snapshot in snapshots if snapshot), None)
    return Place(Source.CACHE, f"the hub cache {constants.HF_HUB_CACHE}", folder)


def hub(model: Model, settings: EncoderSettings) -> Place | None:
    """The hub itself: the files are downloaded into its cache, unless it is out of reach."""
    if model.hub is None:
        return None
    if settings.offline or _hub_is_off():
        return Place(Source.HUB, f"the hub repository {model.hub.repo} (offline)", None)
    if not hub_is_reachable():
        return Place(Source.HUB, f"the hub repository {model.hub.repo} (out of reach)", None)
    return _download(model.hub, [file.name for file in model.all_files])


def package(model: Model, _settings: EncoderSettings) -> Place | None:
    """The folder of an installed package, found without importing the package."""
    if model.package is None:
        return None
    spec = find_spec(model.package.module)
    roots = (spec.submodule_search_locations or []) if spec else []
    folders = (Path(root) / model.package.folder for root in roots)
    where = f"the Python package {model.package.requirement}"
    return Place(Source.PACKAGE, where, next((f for f in folders if f.is_dir()), None))


LOCAL_PLACES: tuple[Locate, ...] = (named_folder, hub_cache, package)
PLACES: tuple[Locate, ...] = (named_folder, hub_cache, hub, package)


@cache
def hub_is_reachable() -> bool:
    """Whether the hub answers within two seconds; asked once a process.

    The question is put in a thread because name resolution knows no time limit.
    """
    reached = Event()
    asking = Thread(target=_ask_hub, args=(reached,), daemon=True)
    asking.start()
    asking.join(REACH_SECONDS)
    return reached.is_set()


def _ask_hub(reached: Event) -> None:
    from httpx import HTTPError
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=REACH_SECONDS)
    except (HTTPError, OSError):
        return
    reached.set()


def _hub_is_off() -> bool:
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def _cached_snapshot(repo: str, file: str, revision: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(repo, file, revision=revision)
    return Path(cached).parent if isinstance(cached, str) else None


def _download(repository: HubRepository, files: list[str]) -> Place:
    from httpx import HTTPError
    from huggingface_hub import snapshot_download

    where = f"the hub repository {repository.repo}"
    try:
        folder = snapshot_download(
            repository.repo, revision=repository.revision, allow_patterns=files
        )
    except (HTTPError, OSError) as error:
        return Place(Source.HUB, f"{where} ({type(error).__name__})", None)
    return Place(Source.HUB, where, Path(folder))
