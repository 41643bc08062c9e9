"""A model is named by its key, by its folder, or by a hub repository and revision."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest

from rag.encoders.catalogue.models import BGE_M3, MODELS
from rag.encoders.catalogue.named import model_by_name
from rag.encoders.columns import Column
from rag.encoders.weights.find import find_weights
from rag.errors import SettingsError, WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import pylate_folder, stanford_folder
from tests.rag.encoders.tiny_cross_encoder import cross_encoder_folder

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache."""
    folder = tmp_path / "hub"
    folder.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    return folder


@pytest.mark.parametrize("key", MODELS)
def test_a_key_names_a_model_of_the_catalogue(key: str) -> None:
    model = MODELS[key]
    column = Column.TOKENS if model.architecture != "sparse-encoder" else Column.SPARSE
    if model.architecture == "splade":
        column = Column.SPARSE
    assert model_by_name(key, column) is model


def test_a_folder_names_the_model_in_it(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path / "colbert")
    model = model_by_name(str(folder), Column.TOKENS)
    assert model.architecture == "colbert"
    assert model.weights.name == "model.safetensors"
    assert {"artifact.metadata", "config.json"} <= {file.name for file in model.files}
    assert find_weights(model, EncoderSettings(offline=True)).path == folder


def test_a_folder_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stanford_folder(tmp_path / "some" / "colbert")
    monkeypatch.chdir(tmp_path)
    assert model_by_name("some/colbert", Column.TOKENS).folder == tmp_path / "some" / "colbert"


def test_a_model_stays_the_same_where_its_folder_is_moved(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path / "one")
    before = model_by_name(str(folder), Column.TOKENS)
    (folder / "README.md").write_text("Not a part of the model.")
    after = model_by_name(str(shutil.move(folder, tmp_path / "two")), Column.TOKENS)
    assert (after.key, after.name, after.weights) == (before.key, before.name, before.weights)


def test_another_head_on_the_same_backbone_is_another_model(tmp_path: Path) -> None:
    one = model_by_name(str(pylate_folder(tmp_path / "one")), Column.TOKENS)
    folder = pylate_folder(tmp_path / "two")
    head = folder / "1_Dense" / "model.safetensors"
    head.write_bytes(head.read_bytes()[:-1] + b"\x01")
    other = model_by_name(str(folder), Column.TOKENS)
    assert other.weights == one.weights
    assert other.key != one.key


def test_of_two_formats_of_weights_only_the_loaded_one_counts(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path)
    (folder / "pytorch_model.bin").write_bytes(b"the same in another format")
    model = model_by_name(str(folder), Column.TOKENS)
    assert "pytorch_model.bin" not in {file.name for file in model.all_files}


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path)
    (folder / "model.safetensors").unlink()
    with pytest.raises(SettingsError, match="holds no weights"):
        model_by_name(str(folder), Column.TOKENS)


def test_a_hub_repository_is_taken_from_the_cache(tmp_path: Path, cache: Path) -> None:
    snapshot = cache / "models--org--tiny" / "snapshots" / COMMIT
    stanford_folder(snapshot)
    model = model_by_name(f"org/tiny@{COMMIT}", Column.TOKENS, offline=True)
    assert (model.name, model.architecture) == ("org/tiny", "colbert")
    weights = (snapshot / "model.safetensors").read_bytes()
    assert model.weights.sha256 == hashlib.sha256(weights).hexdigest()
    found = find_weights(model, EncoderSettings(offline=True))
    assert (found.source, found.path) == ("hub cache", snapshot)


def test_a_hub_repository_out_of_reach_is_told(cache: Path) -> None:
    with pytest.raises(WeightsError, match=f"hub is offline, and org/tiny@{COMMIT} is needed"):
        model_by_name(f"org/tiny@{COMMIT}", Column.TOKENS, offline=True)


def test_a_hub_repository_needs_a_revision() -> None:
    with pytest.raises(SettingsError, match=r"without a revision.*org/tiny@ followed by a commit"):
        model_by_name("org/tiny", Column.TOKENS)


@pytest.mark.parametrize("name", ["nothing", "/no/such/folder", "a b/c@d"])
def test_a_name_that_means_nothing_is_refused_with_the_known_keys(name: str) -> None:
    with pytest.raises(SettingsError, match=f"no model or folder.*{BGE_M3.key}"):
        model_by_name(name, Column.TOKENS)


def test_a_model_is_refused_for_a_column_that_it_cannot_fill() -> None:
    with pytest.raises(SettingsError, match=r"encoder\.sparse is 'all-minilm-l6-v2'.*dense and to"):
        model_by_name("all-minilm-l6-v2", Column.SPARSE)


def test_a_cross_encoder_is_refused_for_every_column(tmp_path: Path) -> None:
    folder = cross_encoder_folder(tmp_path)
    with pytest.raises(SettingsError, match=r"encoder\.tokens is .* can fill no column"):
        model_by_name(str(folder), Column.TOKENS)
