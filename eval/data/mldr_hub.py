"""MLDR from the Hugging Face hub, at pinned revisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eval.data.formats import check_language
from eval.data.mldr_layouts import MTEB, RELEASE
from rag.encoders.catalogue.model import HubRepository, RepositoryKind
from rag.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.data.mldr_layouts import Layout, Split


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the hub and the layout of its files."""

    repository: HubRepository
    layout: Layout


# By what `--data` may say beside a folder.
SOURCES: Mapping[str, HubSource] = {
    "hub": HubSource(
        HubRepository(
            "Shitao/MLDR", "d67138e705d963e346253a80e59676ddb418810a", RepositoryKind.DATASET
        ),
        RELEASE,
    ),
    "hub:mteb": HubSource(
        HubRepository(
            "mteb/MultiLongDocRetrieval",
            "837028901907a7d419b4ab906f28e011ce1cc824",
            RepositoryKind.DATASET,
        ),
        MTEB,
    ),
}


def mldr_folder(
    data: str, language: str, split: Split, revision: str | None = None, *, offline: bool = False
) -> Path:
    """The folder that `data` names: one of `SOURCES`, fetched where it must be, or a path.

    Of the hub only the files of this language and split are fetched, into its local cache.
    Raises: SourceError (no such language), InputError (a revision of a folder), DatasetError.
    """
    check_language(language)
    source = SOURCES.get(data)
    if source:
        pinned = source.repository
        repository = replace(pinned, revision=revision or pinned.revision)
        return _fetched(repository, source.layout, language, split, offline=offline)
    if revision:
        raise InputError(
            f"--revision goes with --data {' or '.join(SOURCES)}; the folder {data} has none."
        )
    return Path(data)


def _fetched(
    repository: HubRepository, layout: Layout, language: str, split: Split, *, offline: bool
) -> Path:
    from rag.encoders.weights.hub import download, downloaded, refuse_unreachable

    there = downloaded(repository, layout.patterns(language, split))
    if there and _is_complete(there, layout, language, split):
        return there
    refuse_unreachable(repository, offline=offline)
    return download(repository, layout.patterns(language, split))


def _is_complete(folder: Path, layout: Layout, language: str, split: Split) -> bool:
    try:
        layout.files(folder, language, split)
    except SourceError:
        return False
    return True
