"""What is known of a model before it is loaded: its files, where they come from, its licence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that the model needs; with `sha256`, only those bytes are accepted."""

    name: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A repository of the Hugging Face hub at one revision."""

    repo: str
    revision: str


@dataclass(frozen=True, slots=True)
class PackagedFolder:
    """A folder inside an installed Python package; its code is never imported."""

    requirement: str
    module: str
    folder: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model and the places that offer it.

    `key` is the subfolder that holds it in a folder the user names. `weights` is the
    file whose sha256 identifies the model.
    """

    key: str
    name: str
    licence: str
    weights: ModelFile
    files: tuple[ModelFile, ...]
    hub: HubRepository | None = None
    package: PackagedFolder | None = None

    @property
    def all_files(self) -> tuple[ModelFile, ...]:
        """Every file that must be there, the weights last (they take longest to check)."""
        return (*self.files, self.weights)
