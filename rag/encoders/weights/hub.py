"""The Hugging Face hub: whether it can be reached, what is cached of it, downloads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from rag.encoders.catalogue.model import RepositoryKind
from rag.encoders.weights.files import MODEL_PATTERNS, WEIGHTS
from rag.errors import DatasetError, FailureError, WeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.encoders.catalogue.model import HubRepository

REACH_SECONDS = 2.0
ERRORS: Mapping[RepositoryKind, type[FailureError]] = {
    RepositoryKind.MODEL: WeightsError,
    RepositoryKind.DATASET: DatasetError,
}


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


def hub_is_off() -> bool:
    """Whether huggingface_hub was told to stay offline."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def cached_snapshot(repo: str, file: str, revision: str) -> Path | None:
    """The folder of a revision in the local cache, if it holds `file`."""
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(repo, file, revision=revision)
    return Path(cached).parents[file.count("/")] if isinstance(cached, str) else None


def snapshot(repository: HubRepository, *, offline: bool = False) -> Path:
    """A folder with all that makes up the model: from the local cache, else downloaded to it.

    Raises: WeightsError that says why the files cannot be had.
    """
    cached = (cached_snapshot(repository.repo, name, repository.revision) for name in WEIGHTS)
    folder = next((each for each in cached if each), None)
    if folder:
        return folder
    refuse_unreachable(repository, offline=offline)
    return download(repository, MODEL_PATTERNS)


def downloaded(repository: HubRepository, files: Sequence[str]) -> Path | None:
    """The folder of the revision in the local cache if it has these files; asks no hub.

    `files` are names or patterns.
    """
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return _snapshot(repository, files, local_files_only=True)
    except LocalEntryNotFoundError:
        return None


def refuse_unreachable(repository: HubRepository, *, offline: bool) -> None:
    """Raises: WeightsError or DatasetError if the hub may not be asked, or does not answer."""
    reason = "offline" if offline or hub_is_off() else "out of reach"
    if reason == "offline" or not hub_is_reachable():
        raise ERRORS[repository.kind](
            f"The model hub is {reason}, and {repository.repo}@{repository.revision} is needed "
            "from it; run this where the hub can be reached, or name a folder that holds the "
            f"{repository.kind}."
        )


def download(repository: HubRepository, files: Sequence[str], to: Path | None = None) -> Path:
    """Download files of the repository into `to`, or the local cache; goes on where it stopped.

    `files` are names or patterns. Raises: WeightsError or DatasetError.
    """
    from httpx import HTTPError

    try:
        return _snapshot(repository, files, local_dir=to)
    except (HTTPError, OSError, ValueError) as error:
        first_line = str(error).partition("\n")[0].rstrip(" .")
        raise ERRORS[repository.kind](
            f"The hub repository {repository.repo}@{repository.revision} cannot be downloaded "
            f"({type(error).__name__}: {first_line})."
        ) from error


def _snapshot(repository: HubRepository, files: Sequence[str], **where: Any) -> Path:
    """The folder of these files, by the hub's own client."""
    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        repository.repo,
        repo_type=repository.kind,
        revision=repository.revision,
        allow_patterns=list(files),
        **where,
    )
    return Path(folder)


def _ask_hub(reached: Event) -> None:
    from httpx import HTTPError
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=REACH_SECONDS)
    except (HTTPError, OSError):
        return
    reached.set()
