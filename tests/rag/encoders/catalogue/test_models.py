"""The catalogue of models is sound data."""

from __future__ import annotations

import re

import pytest

from rag.encoders.catalogue import models
from rag.encoders.catalogue.architectures import ARCHITECTURES
from rag.encoders.catalogue.model import HubRepository, Model
from rag.encoders.catalogue.models import MODELS
from rag.encoders.catalogue.registry import PRESETS

ALL = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


def test_every_model_of_the_module_is_in_the_catalogue_under_a_key_of_its_own() -> None:
    found = [value for value in vars(models).values() if isinstance(value, Model)]
    defined = [model for model in found if model.adapter is None]  # those are of a model's files
    assert {id(model) for model in defined} == {id(model) for model in MODELS.values()}
    assert len({model.key for model in defined}) == len(defined)


def test_every_model_of_a_preset_is_in_the_catalogue() -> None:
    used = {part.model.key for preset in PRESETS.values() for part in preset.parts}
    assert used <= MODELS.keys()


@ALL
def test_the_architecture_exists(model: Model) -> None:
    assert model.architecture in ARCHITECTURES


@ALL
def test_a_model_has_a_place_and_says_its_licence(model: Model) -> None:
    assert model.hub or model.package
    assert re.fullmatch(r"[A-Z][A-Za-z0-9.-]+", model.licence)


@ALL
def test_a_revision_is_a_commit_or_counts_as_unpinned(model: Model) -> None:
    if model.hub:
        assert model.hub.pinned == bool(re.fullmatch("[0-9a-f]{40}", model.hub.revision))


@ALL
def test_hashes_are_whole_and_no_file_is_named_twice(model: Model) -> None:
    names = [file.name for file in model.all_files]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[0-9a-f]{64}", f.sha256) for f in model.all_files if f.sha256)


@pytest.mark.parametrize("revision", ["main", "v1.0", "5617a9f", "5617A9F61B028005" + "0" * 24])
def test_only_a_whole_commit_is_a_pin(revision: str) -> None:
    assert not HubRepository("org/name", revision).pinned
