"""Weights are looked for in order, checked by sha256, and their absence is told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.encoders.registry import MINILM, find_preset
from rag.encoders.weights import find_weights, weights_candidates
from rag.errors import SettingsError, WeightsError
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from pathlib import Path

OFFLINE = EncoderSettings(offline=True)
HOMELESS = replace(MINILM, hub=None, package=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of weights as a user would name it."""
    shutil.copytree(find_weights(MINILM, OFFLINE).path, tmp_path / MINILM.key)
    return tmp_path


def test_the_package_serves_where_nothing_else_does() -> None:
    found = find_weights(MINILM, OFFLINE)
    assert found.source == "package"
    assert found.sha256 == MINILM.weights.sha256


def test_a_named_folder_comes_first(folder: Path) -> None:
    found = find_weights(MINILM, EncoderSettings(offline=True, weights=folder))
    assert (found.source, found.path) == ("named folder", folder / MINILM.key)


def test_the_hub_cache_comes_before_the_package(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MINILM.hub is not None
    cached = tmp_path / f"models--{MINILM.hub.repo.replace('/', '--')}"
    snapshot = cached / "snapshots" / MINILM.hub.revision
    snapshot.parent.mkdir(parents=True)
    (folder / MINILM.key).rename(snapshot)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.file_download.HF_HUB_CACHE", str(tmp_path), raising=False)
    found = find_weights(MINILM, OFFLINE)
    assert (found.source, found.path) == ("hub cache", snapshot)


def test_other_bytes_in_a_named_folder_are_refused(folder: Path) -> None:
    with (folder / MINILM.key / "model.safetensors").open("r+b") as file:
        file.write(b"\x01")
    with pytest.raises(WeightsError, match=r"another model\.safetensors: sha256"):
        find_weights(MINILM, EncoderSettings(offline=True, weights=folder))


def test_a_missing_file_in_a_named_folder_is_named(folder: Path) -> None:
    (folder / MINILM.key / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"lacks tokenizer\.json"):
        find_weights(MINILM, EncoderSettings(offline=True, weights=folder))


def test_where_there_are_no_weights_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as error:
        find_weights(HOMELESS, EncoderSettings(offline=True, weights=tmp_path))
    for part in ("model.safetensors", str(tmp_path), MINILM.key, "encoder.weights"):
        assert part in str(error.value)


def test_all_local_places_are_listed_with_what_is_wrong(tmp_path: Path) -> None:
    listed = weights_candidates(MINILM, EncoderSettings(offline=True, weights=tmp_path))
    assert [c.place.source for c in listed] == ["named folder", "hub cache", "package"]
    assert [bool(c.problem) for c in listed] == [True, True, False]


def test_an_unknown_preset_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SettingsError, match="minilm"):
        find_preset("maxilm")


def test_the_registry_can_be_read_without_the_model_libraries() -> None:
    code = (
        "import sys, rag.encoders.registry as r; assert r.PRESETS; "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
