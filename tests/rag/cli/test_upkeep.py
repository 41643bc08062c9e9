"""`trident collections export|import|copy|rebuild|compact`, and sources of `trident index`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("cli_upkeep")


def test_a_collection_is_copied_exported_imported_rebuilt_and_searched(tmp_path: Path) -> None:
    store, file, listed = tmp_path / "store", tmp_path / "bees.parquet", tmp_path / "paths.txt"
    (tmp_path / "bees.txt").write_text("Honey bees dance.")
    listed.write_text(f"# texts\n{tmp_path / 'bees.txt'}\n")
    trident("index", "--urls", str(listed), "-c", "bees", store=store)
    trident("collections", "copy", "bees", "copied", store=store)
    trident("collections", "export", "copied", str(file), store=store)
    imported = trident_json("collections", "import", str(file), "--as", "again", store=store)
    assert (imported["name"], imported["documents"]) == ("again", 1)
    assert trident_json("collections", "rebuild", "again", store=store)["rows"] == 1
    compacted = trident_json("collections", "compact", "again", store=store)
    assert compacted == {"collection": "again", "rebuilt": False, "dead_share": 0.0}
    found = [
        trident_json("search", "dancing", "-c", name, store=store) for name in ("bees", "again")
    ]
    texts = [[passage["chunk"]["text"] for passage in answer["passages"]] for answer in found]
    assert texts == [["Honey bees dance."]] * 2
