"""Waiting for the full-text index, which the engine fills in the background."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rag.errors import StoreError
from rag.store.engine import count_rows, read
from rag.store.schema import FULLTEXT
from rag.store.text_query import MARKER

if TYPE_CHECKING:
    from rag.store.engine import Engine

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5


def wait_for_fulltext(engine: Engine, table: str, after: int, timeout: float) -> None:
    """Block until the index finds every row of a generation later than `after`.

    Every row holds the same marker word, so the rows that the word finds are the rows
    that the index knows. Raises: StoreError after `timeout` seconds.
    """
    where = f"generation > {after}"
    deadline = time.monotonic() + timeout
    pause = FIRST_PAUSE
    while True:
        expected = count_rows(engine, table, where)  # anew: others may delete rows meanwhile
        found = _indexed(engine, table, where, expected)
        if found == expected:
            return
        if time.monotonic() + pause > deadline:
            raise StoreError(
                f"The full-text index holds {found} of {expected} new rows after {timeout:g} "
                "seconds; wait, or raise TRIDENT_STORE__SEARCHABLE_TIMEOUT."
            )
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _indexed(engine: Engine, table: str, where: str, expected: int) -> int:
    if expected == 0:
        return 0

    def find(database: Any) -> Any:
        query = database.get_table(table).output(["generation"]).filter(where)
        return query.match_text(FULLTEXT, MARKER, expected + 1, {"operator": "or"}).to_result()[0]

    return len(read(engine, "read its full-text index", find)["generation"])
