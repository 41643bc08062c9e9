"""Small tables on a server, in which the catalog and the writers' lock keep their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.store.engine import read
from rag.store.recovery import delete_where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.store.engine import Engine

ACTION = "keep its catalog"
MAX_ROWS = 8192  # the engine's limit for one insert
ALL = "1 = 1"


@dataclass(frozen=True, slots=True)
class Table:
    """A table by name, with the engine's type of each column.

    All of it may be repeated when the server is out of reach: what is inserted may then be
    there twice, which readers must bear.
    """

    engine: Engine
    name: str
    columns: Mapping[str, str]

    def create(self) -> None:
        """Make it where it is missing."""
        definition = {name: {"type": kind} for name, kind in self.columns.items()}
        conflict = self.engine.sdk.conflict_type.Ignore

        def create(database: Any) -> None:
            database.create_table(self.name, definition, conflict)

        read(self.engine, ACTION, create)

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows; up to `MAX_ROWS` of them are there all or not at all."""
        for start in range(0, len(rows), MAX_ROWS):
            self._insert([dict(row) for row in rows[start : start + MAX_ROWS]])

    def rows(self, where: str = ALL, *columns: str) -> Iterator[dict[str, Any]]:
        """All rows for which the SQL condition `where` holds; with these columns, or all."""
        output = list(columns or self.columns)

        def select(database: Any) -> Mapping[str, list[Any]]:
            query = database.get_table(self.name).output(output).filter(where)
            found: Mapping[str, list[Any]] = query.to_result()[0]
            return found

        found = read(self.engine, ACTION, select)
        for values in zip(*found.values(), strict=True):
            yield dict(zip(found, values, strict=True))

    def delete(self, where: str) -> None:
        """Remove the rows for which the SQL condition `where` holds."""
        delete_where(self.engine, self.name, where)

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        def insert(database: Any) -> None:
            database.get_table(self.name).insert(rows)

        read(self.engine, ACTION, insert)
