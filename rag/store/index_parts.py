"""The parts in which the embedded engine keeps an index, and how they become one.

The engine indexes new rows in memory and writes the index out as a further part after every
8,192 rows or so. A search asks each part for as many rows as if it were alone, so that its
time grows with their number; that of a single HNSW graph hardly grows with the rows.

Merging counts the rows, and counts wrong once any was deleted: after reopening, searches would
find some rows twice, and deleted ones. Such tables keep their parts, which is slower and right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.engine import read

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.engine import Engine

# Folder of a file for each table that no row was ever deleted from: its rows at the last merge.
MERGEABLE = "mergeable-indexes"
ROWS_A_PART = 8192
# Of the rows merged before: as many must be new for another merge to be worth its time. Each
# builds all anew, so that the builds a row sees do not grow with the number of runs.
LEAST_GROWTH = 0.25


class IndexParts:
    """The parts of the indexes of a database's collections, by table."""

    def __init__(self, engine: Engine, state_dir: Path):
        self._engine = engine
        self._mergeable = state_dir / MERGEABLE

    def created(self, table: str) -> None:
        """The table is new and empty."""
        self._note(table, rows=0)

    def before_deletion(self, table: str) -> None:
        """Rows of the table, or it itself, are about to be deleted."""
        self._file(table).unlink(missing_ok=True)

    def merge(self, table: str, rows: int, *, always: bool = False) -> bool:
        """Make one part of each index where that is safe, and `always` or worth its time.

        Searches go on meanwhile and see every row; nothing may be written. Says whether it
        was done. Raises: StoreError.
        """
        merged = self._rows_merged(table)
        if merged is None:
            return False
        if not always and rows - merged < max(ROWS_A_PART, LEAST_GROWTH * merged):
            return False
        read(self._engine, "merge the indexes", lambda database: _merge(database, table))
        self._note(table, rows)
        return True

    def _rows_merged(self, table: str) -> int | None:
        try:
            return int(self._file(table).read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # a ValueError: cut off by a power cut
            return None

    def _note(self, table: str, rows: int) -> None:
        self._mergeable.mkdir(exist_ok=True)
        self._file(table).write_text(str(rows), "utf-8")

    def _file(self, table: str) -> Path:
        return self._mergeable / table


def _merge(database: Any, table: str) -> None:
    # Without a name: all indexes of the table, as in the engine's own periodic merge.
    database.get_table(table).optimize("", {})
