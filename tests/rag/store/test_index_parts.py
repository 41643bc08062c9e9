"""Indexes are merged without hiding a row, and left in parts where merging would go wrong."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from rag.errors import CollectionNotFoundError
from tests.rag.store.merge_run import BATCH, ROWS_A_DOCUMENT
from tests.rag.store.process import start
from tests.rag.store.rows import document, spec

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.base import Store
    from rag.store.embedded import EmbeddedStore

ROWS = 2 * BATCH * ROWS_A_DOCUMENT
NOTHING = {"dense": 0, "sparse": 0}
ATTEMPTS = 3


def live(folder: Path, *steps: str) -> dict[str, Any]:
    """What each step gave; nothing when the process died."""
    output, _ = start("-m", "tests.rag.store.merge_run", folder, *steps).communicate(timeout=120)
    return json.loads(output) if output else {}


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose indexes have parts, which the engine writes out when it has time."""
    for _ in range(ATTEMPTS):
        folder = tmp_path_factory.mktemp("parts") / "store"
        assert live(folder, "fill")
        live(folder)  # opening writes the engine's whole catalog
        if min(parts(folder).values()) > 1:
            return folder
    pytest.fail(f"The engine left one part in {ATTEMPTS} attempts.")


@pytest.fixture
def database(in_parts: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(in_parts, tmp_path / "store")


def parts(folder: Path) -> dict[str, int]:
    """The parts on disk of each index, as the engine's newest whole catalog has them."""
    catalogs = (folder / "data" / "catalog").glob("FULL.*.json")
    newest = max(catalogs, key=lambda path: int(path.name.split(".")[1]))
    (database,) = json.loads(newest.read_text("utf-8"))["databases"]
    (table,) = (
        entry
        for tables in database["db_entries"][0]["tables"]
        for entry in tables["table_entries"]
        if not entry["deleted"] and entry.get("row_count", 0) > 0
    )
    return {
        index["index_name"]: sum(
            len(segment["chunk_index_entries"])
            for segment in index["index_entries"][0]["segment_indexes"]
        )
        for index in table["table_indexes"]
    }


def test_a_merge_makes_one_part_of_each_index_while_searches_see_every_row(database: Path) -> None:
    before = live(database, "audit")["audit"]  # opening writes the engine's whole catalog
    assert before == {"twice": NOTHING, "gone": NOTHING, "missed": [], "rows": ROWS}
    assert min(parts(database).values()) > 1

    beside = live(database, "merge_while_searching")["merge_while_searching"]
    assert beside["searches"] > 0
    assert beside["missed"] == 0

    assert live(database, "audit", "merge_again") == {"audit": before, "merge_again": False}
    assert set(parts(database).values()) == {1}


def test_deleting_after_a_merge_leaves_no_trace(database: Path) -> None:
    assert live(database, "merge", "delete", "merge_again") == {
        "merge": True,
        "delete": 10,
        "merge_again": False,
    }
    audit = live(database, "audit")["audit"]
    assert (audit["twice"], audit["gone"], audit["missed"]) == (NOTHING, NOTHING, [])


@pytest.mark.parametrize("deletion", ["delete", "delete_last"])
def test_an_index_is_not_merged_once_rows_were_deleted(database: Path, deletion: str) -> None:
    assert live(database, deletion, "merge")["merge"] is False
    audit = live(database, "audit")["audit"]
    assert (audit["twice"], audit["gone"], audit["missed"]) == (NOTHING, NOTHING, [])


def test_a_kill_during_a_merge_loses_nothing_and_the_next_one_ends_it(database: Path) -> None:
    assert live(database, "merge_and_die") == {}
    whole = {"twice": NOTHING, "gone": NOTHING, "missed": [], "rows": ROWS}
    assert live(database, "audit", "merge") == {"audit": whole, "merge": True}
    assert live(database, "audit")["audit"] == whole


def test_few_new_rows_are_merged_only_when_asked(
    embedded_store: EmbeddedStore, collection_name: str
) -> None:
    embedded_store.create_collection(spec(collection_name))
    embedded_store.write(collection_name, [document("d", "words")])
    assert embedded_store.merge_indexes(collection_name) is False
    assert embedded_store.merge_indexes(collection_name, always=True) is True
    embedded_store.write(collection_name, [document("d", "other words")])  # a row is replaced
    assert embedded_store.merge_indexes(collection_name, always=True) is False


def test_a_collection_that_is_not_there_cannot_be_merged(store: Store) -> None:
    with pytest.raises(CollectionNotFoundError):
        store.merge_indexes("nowhere")
