"""Weights are looked for in order, checked by sha256, and their absence is told."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.encoders.catalogue.model import HubRepository, ModelFile
from rag.encoders.catalogue.models import BGE_M3, MINILM, MINILM_HEADS
from rag.encoders.catalogue.registry import find_preset
from rag.encoders.weights.files import sha256_of
from rag.encoders.weights.find import Candidate, find_weights, not_found, weights_candidates
from rag.encoders.weights.places import Place, Source, hub_cache
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
    for part in ("model.safetensors", str(tmp_path), "TRIDENT_ENCODER__WEIGHTS=DIR"):
        assert part in str(error.value)
    assert "trident models fetch all-minilm-l6-v2 --to DIR" in str(error.value)


def test_what_lacks_in_a_preset_is_fetched_with_the_preset() -> None:
    looked = [Candidate(Place(Source.CACHE, "the hub cache", None), "not there", None)]
    assert "`trident models fetch minilm --to DIR`" in not_found(MINILM_HEADS, looked, "minilm")
    assert "`trident models fetch bge-m3 --to DIR`" in not_found(BGE_M3, looked, "minilm")


def test_of_a_hub_branch_only_known_bytes_are_taken(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = tmp_path / "models--org--tiny"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("a" * 40)
    (cached / "snapshots").mkdir()
    (folder / MINILM.key).rename(cached / "snapshots" / ("a" * 40))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.file_download.HF_HUB_CACHE", str(tmp_path), raising=False)
    known = replace(MINILM, hub=HubRepository("org/tiny", "b" * 40))
    unknown = replace(known, weights=ModelFile(MINILM.weights.name))
    assert hub_cache(known) == Place(
        Source.CACHE, f"the hub cache {tmp_path}", cached / "snapshots" / ("a" * 40)
    )
    assert hub_cache(unknown) == Place(Source.CACHE, f"the hub cache {tmp_path}", None)


def test_a_model_named_by_its_folder_is_looked_for_nowhere_else(folder: Path) -> None:
    model = replace(HOMELESS, key="mine", folder=folder / MINILM.key)
    found = find_weights(model, EncoderSettings(offline=True, weights=folder / "elsewhere"))
    assert (found.source, found.path) == ("named folder", folder / MINILM.key)


def test_a_file_that_was_changed_is_hashed_anew(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"one")
    before = sha256_of(path)
    path.write_bytes(b"other")
    assert before == hashlib.sha256(b"one").hexdigest()
    assert sha256_of(path) == hashlib.sha256(b"other").hexdigest()


def test_all_local_places_are_listed_with_what_is_wrong(tmp_path: Path) -> None:
    listed = weights_candidates(MINILM, EncoderSettings(offline=True, weights=tmp_path))
    assert [c.place.source for c in listed] == ["named folder", "hub cache", "package"]
    assert [bool(c.problem) for c in listed] == [True, True, False]


def test_an_unknown_preset_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SettingsError, match="minilm"):
        find_preset("maxilm")


def test_the_registry_can_be_read_without_the_model_libraries() -> None:
    code = (
        "import sys, rag.encoders.catalogue.registry as r; assert r.PRESETS; "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
