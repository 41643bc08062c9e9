"""`trident collections optimize`, and what a search says when its index is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.store.base import stale_index
from rag.store.tensor_index import FEWEST_VECTORS
from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("cli_collections")

WORDS = "honey bees dance and tell each other where the flowers of the valley stand"
BY_TENSOR = ("search", "dancing bees", "-c", "bees", "--legs", "tensor", "--rerank", "none")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text of enough token vectors: every word has one at least."""
    folder = tmp_path_factory.mktemp("bees") / "texts"
    folder.mkdir()
    times = FEWEST_VECTORS // len(WORDS.split()) + 1
    (folder / "bees.txt").write_text(" ".join(f"{WORDS} {n}." for n in range(times)))
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Path:
    store = folder.parent / "store"
    trident("index", str(folder), "-c", "bees", store=store)
    return store


def test_an_index_is_built_used_removed_by_writing_and_built_again(
    store: Path, folder: Path
) -> None:
    exact = trident_json(*BY_TENSOR, store=store)
    assert exact["notices"] == []
    built = trident_json("collections", "optimize", "bees", store=store)
    assert built == {"collection": "bees", "tensor_index": "ready"}
    approximate = trident_json(*BY_TENSOR, store=store)
    assert approximate["notices"] == []
    assert approximate["passages"][0]["score"] != exact["passages"][0]["score"]

    (folder / "more.txt").write_text("Bees dance.")
    trident("index", str(folder), "-c", "bees", store=store)
    assert trident_json(*BY_TENSOR, store=store)["notices"] == [stale_index("bees")]
    said = trident(*BY_TENSOR, store=store).stderr
    assert stale_index("bees") in " ".join(said.split())
    assert trident("search", "bees", "-c", "bees", store=store).stderr == ""  # by other legs

    done = trident("collections", "optimize", "bees", store=store)
    assert "The tensor index of bees: ready." in done.stderr
    dropped = trident_json("collections", "optimize", "bees", "--drop", store=store)
    assert dropped["tensor_index"] == "none"
    assert trident_json(*BY_TENSOR, store=store)["notices"] == []


def test_a_collection_that_is_too_small_is_refused_in_one_sentence(
    store: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text("Bees dance.")
    trident("index", str(tmp_path), "-c", "small", store=store)
    done = trident("collections", "optimize", "small", store=store, code=2)
    assert f"fewer than {FEWEST_VECTORS} token vectors" in done.stderr


def test_what_was_dropped_is_said_as_json(store: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Bees dance.")
    trident("index", str(tmp_path), "-c", "gone", store=store)
    dropped = trident_json("collections", "drop", "gone", "--yes", store=store)
    assert dropped == {"deleted": "gone"}
