"""What is known of a model before it is loaded: its files, where they come from, its use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.columns import Column

COMMIT = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that the model needs; with `sha256`, only those bytes are accepted.

    `size` is in bytes.
    """

    name: str
    sha256: str | None = None
    size: int | None = None


class RepositoryKind(StrEnum):
    """What a repository holds, in the hub's words."""

    MODEL = "model"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A repository of the Hugging Face hub at one revision: a commit, or else unpinned."""

    repo: str
    revision: str
    kind: RepositoryKind = RepositoryKind.MODEL

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which always names the same files."""
        return COMMIT.fullmatch(self.revision) is not None


@dataclass(frozen=True, slots=True)
class PackagedFolder:
    """A folder inside an installed Python package; its code is never imported."""

    requirement: str
    module: str
    folder: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model and the places that offer it.

    `key` is the subfolder that holds it in a folder the user names. `architecture` is a
    key of ARCHITECTURES (architectures.py). `weights` is the file whose sha256 identifies
    the model. `folder` is the only place of a model that the user named by its
    folder. `adapter` is a file of Trident's own that goes on top of the weights. `scripts` are
    those that it was trained to read, by the names of Unicode's letters; None: no limit is known.
    """

    key: str
    name: str
    architecture: str
    licence: str
    weights: ModelFile
    files: tuple[ModelFile, ...]
    hub: HubRepository | None = None
    package: PackagedFolder | None = None
    folder: Path | None = None
    adapter: Path | None = None
    scripts: frozenset[str] | None = None

    @property
    def all_files(self) -> tuple[ModelFile, ...]:
        """Every file that must be there, the weights last (they take longest to check)."""
        return (*self.files, self.weights)


@dataclass(frozen=True, slots=True)
class Part:
    """A model's part in a preset: the columns taken from it, and how it is used.

    `max_tokens` counts special tokens; None: what the model's own files say. Longer
    passages are read in windows that share `overlap` tokens. Of a passage's sparse vector
    the `max_terms` largest weights are kept, of a question's the `max_question_terms`
    largest; 0: all. (The tail of small weights costs the engine most of its time and adds
    little.)
    """

    model: Model
    columns: tuple[Column, ...]
    max_tokens: int | None = None
    overlap: int = 32
    max_terms: int = 0
    max_question_terms: int = 0

    @property
    def role(self) -> str:
        """The columns in words: "dense+tokens"."""
        return "+".join(self.columns)
