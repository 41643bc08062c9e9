"""`trident documents`, and what `trident index` says to machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.rag.cli.command import trident

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name in ("bees", "moon", "tides"):
        (folder / f"{name}.txt").write_text(f"A text about {name}.")
    text = " ".join(f"word{n}" for n in range(100))
    (folder / "original.txt").write_text(text)
    (folder / "repeated.txt").write_text(text + " again")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents-store") / "store"


@pytest.fixture(scope="module")
def indexed(folder: Path, store: Path) -> subprocess.CompletedProcess[str]:
    return index(folder, store, "--dedupe", "--json")


def index(folder: Path, store: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return trident("index", str(folder), "--relative-to", str(folder), *flags, store=store)


def page(store: Path, *arguments: str) -> Any:
    return json.loads(trident("documents", *arguments, "--json", store=store).stdout)


def test_indexing_with_json_tells_progress_in_lines_and_duplicates_in_the_report(
    indexed: subprocess.CompletedProcess[str], folder: Path
) -> None:
    events = [json.loads(line) for line in indexed.stderr.splitlines() if line.startswith("{")]
    assert events[-1]["event"] == "progress"
    assert events[-1]["documents"] == 4
    assert events[-1]["bytes_done"] == events[-1]["bytes_total"]
    report = json.loads(indexed.stdout)
    assert events[-1]["chunks_written"] == report["chunks"]
    (repeat,) = report["duplicates"]
    assert repeat["source"] == str(folder / "repeated.txt")
    assert repeat["doc_id"] == "original.txt"


@pytest.mark.usefixtures("indexed")
def test_documents_are_listed_page_by_page(store: Path) -> None:
    first = page(store, "list", "--limit", "3")
    assert [document["doc_id"] for document in first["documents"]] == [
        "bees.txt",
        "moon.txt",
        "original.txt",
    ]
    rest = page(store, "list", "--limit", "3", "--after", first["next"])
    assert [document["doc_id"] for document in rest["documents"]] == ["tides.txt"]
    assert rest["next"] is None


@pytest.mark.usefixtures("indexed")
def test_a_document_is_shown_in_its_chunks(store: Path) -> None:
    shown = page(store, "show", "moon.txt")
    assert [chunk["text"] for chunk in shown["chunks"]] == ["A text about moon."]
    assert "A text about moon." in trident("documents", "show", "moon.txt", store=store).stdout
    refused = trident("documents", "show", "mars.txt", store=store, code=2)
    assert "no document 'mars.txt'" in refused.stderr


@pytest.mark.usefixtures("indexed")
def test_a_deleted_document_is_gone_until_the_next_run_and_the_user_is_told(
    store: Path, folder: Path
) -> None:
    deleted = trident("documents", "delete", "tides.txt", "--yes", store=store)
    assert "Deleted 1" in deleted.stdout
    assert "is still there; the next `trident index` over it writes it again" in deleted.stderr
    ids = [document["doc_id"] for document in page(store, "list")["documents"]]
    assert ids == ["bees.txt", "moon.txt", "original.txt"]
    report = json.loads(index(folder, store, "--dedupe", "--json").stdout)
    assert (report["added"], report["unchanged"]) == (1, 3)


def test_a_dry_run_estimates_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    done = index(folder, tmp_path / "none", "--dry-run", "--json")
    found = json.loads(done.stdout)
    assert (found["files"], found["documents"], found["exact"]) == (5, 5, True)
    assert found["column_bytes"].keys() == {"text", "fulltext", "dense", "sparse", "tokens"}
    assert not (tmp_path / "none").exists()
