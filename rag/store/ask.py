"""One question to a table of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.engine import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.store.engine import Engine
    from rag.store.visibility import View


def ask_table(
    engine: Engine,
    table: str,
    view: View,
    where: str | bool,
    output: list[str],
    complete: Callable[[Any], Any],
) -> Mapping[str, list[Any]]:
    """The columns `output` of the rows where the SQL condition holds, as the view shows them.

    `complete` adds the legs to the engine's query. Raises: StoreError.
    """

    def ask(database: Any) -> Mapping[str, list[Any]]:
        builder = database.get_table(table).output(output)
        filtered = builder if where is True else builder.filter(where)
        found: Mapping[str, list[Any]] = complete(filtered).to_result()[0]
        return found

    return view.of(read(engine, "search", ask))
