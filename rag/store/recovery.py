"""Changes of documents in the engine, and how those that a crash left open are ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.engine import count_rows, read
from rag.store.schema import TABLE_PREFIX, table_name
from rag.store.sql import literal, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.store.catalog import Catalog, Intent
    from rag.store.engine import Engine

IDS_PER_DELETE = 500


def recover(engine: Engine, catalog: Catalog) -> None:
    """End every open change, and drop tables that belong to no collection.

    A document whose new rows are all there is moved forward, any other back to what it
    was. Raises: StoreError.
    """
    _drop_orphans(engine, catalog)
    for intent in catalog.intents():
        if intent.removes or _count(engine, intent) == intent.rows:
            finish(engine, catalog, [intent])
        else:
            undo(engine, catalog, [intent])


def finish(engine: Engine, catalog: Catalog, intents: Sequence[Intent]) -> None:
    """The new rows are in: delete the old ones and commit. All of one write."""
    _delete_rows(engine, [intent for intent in intents if intent.replaces], "<")
    catalog.commit(intents)


def undo(engine: Engine, catalog: Catalog, intents: Sequence[Intent]) -> None:
    """Delete the new rows; what was there before is untouched. All of one write."""
    _delete_rows(engine, intents, "=")
    catalog.forget(intents)


def drop(engine: Engine, table: str) -> None:
    """Delete a table, if it is there."""
    conflict = engine.sdk.conflict_type.Ignore
    read(engine, "drop a table", lambda database: database.drop_table(table, conflict))


def _delete_rows(engine: Engine, intents: Sequence[Intent], comparison: str) -> None:
    for batch in _batches(intents):
        generation = literal(batch[0].generation)
        ids = one_of("doc_id", [intent.doc_id for intent in batch])
        delete_where(
            engine, table_name(batch[0].uid), f"{ids} and generation {comparison} {generation}"
        )


def delete_where(engine: Engine, table: str, where: str) -> None:
    """Delete the rows of a table for which the SQL condition `where` holds."""

    def delete(database: Any) -> None:
        database.get_table(table).delete(where)

    read(engine, "delete rows", delete)


def _batches(intents: Sequence[Intent]) -> Iterator[Sequence[Intent]]:
    for start in range(0, len(intents), IDS_PER_DELETE):
        yield intents[start : start + IDS_PER_DELETE]


def _count(engine: Engine, intent: Intent) -> int:
    where = f"{one_of('doc_id', [intent.doc_id])} and generation = {literal(intent.generation)}"
    return count_rows(engine, table_name(intent.uid), where)


def _drop_orphans(engine: Engine, catalog: Catalog) -> None:
    known = {table_name(info.uid) for info in catalog.collections()}
    tables = read(engine, "list its tables", lambda database: database.list_tables().table_names)
    for name in set(tables) - known:
        if name.startswith(TABLE_PREFIX):
            drop(engine, name)
