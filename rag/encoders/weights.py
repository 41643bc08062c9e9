"""Where a model's weights are: a folder of the user's, the hub cache, the hub, a package."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.encoders.registry import ModelSource
    from rag.settings import EncoderSettings

HUB_ADDRESS = ("huggingface.co", 443)
# Long enough for a healthy network; a broken one must not delay the start.
REACH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """A folder with all files of a model. `source` says how it was found."""

    path: Path
    source: str
    sha256: str
    licence: str


def find_weights(model: ModelSource, settings: EncoderSettings) -> FoundWeights:
    """The first place that has the model, checked against its pinned sha256.

    Raises: WeightsError when no place has all files, or the weights are not the pinned ones.
    """
    for source, find in PLACES.items():
        folder = find(model, settings)
        if folder is not None and not missing_files(model, folder):
            return FoundWeights(folder, source, _verified(model, folder), model.licence)
    raise WeightsError(_sentence(model, settings))


def missing_files(model: ModelSource, folder: Path) -> list[str]:
    """The files of the model that a folder lacks."""
    return [name for name in model.files if not (folder / name).is_file()]


def _verified(model: ModelSource, folder: Path) -> str:
    with (folder / model.weights_file).open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        raise WeightsError(
            f"{folder / model.weights_file} is not the pinned {model.name}: its sha256 is "
            f"{found}, expected {model.sha256}; replace or remove it."
        )
    return found


def _in_named_folder(model: ModelSource, settings: EncoderSettings) -> Path | None:
    return settings.weights / model.key if settings.weights else None


def _in_hub_cache(model: ModelSource, settings: EncoderSettings) -> Path | None:  # noqa: ARG001 - one signature for all places
    return _snapshot(model, local_files_only=True) if model.repo else None


def _on_hub(model: ModelSource, settings: EncoderSettings) -> Path | None:
    if not model.repo or settings.offline or not _hub_reachable():
        return None
    return _snapshot(model, local_files_only=False)


def _in_package(model: ModelSource, settings: EncoderSettings) -> Path | None:  # noqa: ARG001 - one signature for all places
    spec = importlib.util.find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / model.folder


def _snapshot(model: ModelSource, local_files_only: bool) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(
                model.repo,
                revision=model.revision,
                allow_patterns=list(model.files),
                local_files_only=local_files_only,
            )
        )
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError):
        return None


def _hub_reachable() -> bool:
    """Whether the hub answers within a second; resolving its name is bounded too."""
    if os.environ.get("HF_HUB_OFFLINE", "0").lower() in {"1", "true", "yes", "on"}:
        return False
    reached = threading.Event()

    def reach() -> None:
        try:
            socket.create_connection(HUB_ADDRESS, timeout=REACH_SECONDS).close()
        except OSError:
            return
        reached.set()

    threading.Thread(target=reach, daemon=True).start()
    return reached.wait(REACH_SECONDS)


def _sentence(model: ModelSource, settings: EncoderSettings) -> str:
    folder = settings.weights or Path("WEIGHTS")
    return (
        f"The weights of {model.name} were found nowhere (looked in: {', '.join(PLACES)}); put "
        f"{', '.join(model.files)} into {folder / model.key} and set "
        f"TRIDENT_ENCODER__WEIGHTS={folder}, or install the package that has them."
    )


PLACES: dict[str, Callable[[ModelSource, EncoderSettings], Path | None]] = {
    "named folder": _in_named_folder,
    "hub cache": _in_hub_cache,
    "hub": _on_hub,
    "package": _in_package,
}
