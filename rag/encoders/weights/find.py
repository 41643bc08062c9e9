"""Finding a model's files and making sure that they are the ones pinned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.encoders.catalogue.models import MODELS
from rag.encoders.catalogue.registry import PRESETS
from rag.encoders.weights.files import problem_with, sha256_of
from rag.encoders.weights.places import LOCAL_PLACES, PLACES, Place, Source
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Model
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
        candidate = examine(model, place)
        if candidate.found:
            return candidate.found
        _refuse_wrong_folder(model, candidate)
        looked.append(candidate)
    raise WeightsError(not_found(model, looked, settings.preset))


def weights_candidates(model: Model, settings: EncoderSettings) -> list[Candidate]:
    """Every local place (named folder, hub cache, package) and what is wrong with it."""
    places = (locate(model, settings) for locate in LOCAL_PLACES)
    return [examine(model, place) for place in places if place]


def place_of_all_files(model: Model, settings: EncoderSettings) -> Place | None:
    """The first local place that has every file, whatever is in them."""
    places = (locate(model, settings) for locate in LOCAL_PLACES)
    return next((place for place in places if place and _is_complete(model, place)), None)


def examine(model: Model, place: Place) -> Candidate:
    """Check every file of the model in one place."""
    if place.folder is None:
        return Candidate(place, "not there", None)
    problem = problem_with(model.all_files, place.folder)
    if problem:
        return Candidate(place, problem, None)
    sha256 = sha256_of(place.folder / model.weights.name)
    found = FoundWeights(model.name, place.folder, place.source, sha256, model.licence)
    return Candidate(place, "", found)


def _is_complete(model: Model, place: Place) -> bool:
    folder = place.folder
    return folder is not None and all((folder / f.name).is_file() for f in model.all_files)


def _refuse_wrong_folder(model: Model, candidate: Candidate) -> None:
    if candidate.place.source is Source.FOLDER and candidate.place.folder:
        raise WeightsError(
            f"The weights of {model.name} cannot be used: {candidate.place.where} "
            f"{candidate.problem}; put the right files there or take that folder away."
        )


def not_found(model: Model, looked: list[Candidate], preset: str) -> str:
    """The sentences for a model of which no place has the files."""
    files = ", ".join(file.name for file in model.all_files)
    tried = "; ".join(f"{c.place.where}: {c.problem}" for c in looked) or "it has no place"
    return (
        f"The weights of {model.name} are missing: {files} ({tried}). Where the hub can be "
        f"reached, run `trident models fetch {_fetched_by(model, preset)} --to DIR`; then set "
        f"TRIDENT_ENCODER__WEIGHTS=DIR here, where DIR/{model.key} will be found."
    )


def _fetched_by(model: Model, preset: str) -> str:
    """What to fetch: the whole preset if the model is a part of it."""
    if preset in PRESETS and model in [part.model for part in PRESETS[preset].parts]:
        return preset
    if model.key in MODELS or model.hub is None:
        return model.key
    return f"{model.hub.repo}@{model.hub.revision}"
