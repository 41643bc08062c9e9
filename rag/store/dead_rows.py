"""Rows that were deleted but still take their room in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.engine import read

if TYPE_CHECKING:
    from rag.store.engine import Engine

ROW_ID = "_row_id"


def dead_rows(engine: Engine, table: str) -> int:
    """At least so many rows of the table are deleted.

    A row's id is its place in a segment, and places are not used again: the gaps below the
    last row are those of deleted ones. Only what was deleted after that cannot be seen.
    """

    def ids(database: Any) -> Any:
        return database.get_table(table).output([ROW_ID]).to_result()[0]

    (places,) = read(engine, "count deleted rows", ids).values()
    last: dict[int, int] = {}
    for offset, segment in places:
        last[segment] = max(offset, last.get(segment, 0))
    return sum(last.values()) + len(last) - len(places)
