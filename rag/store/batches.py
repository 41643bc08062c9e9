"""Cutting a write into insert calls that the engine and the memory can take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.rows import engine_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.store.base import CollectionSpec
    from rag.types import DocumentRows

MAX_ROWS = 8192  # the engine's limit for one call
MAX_BYTES = 16 * 2**20  # of token vectors as float32; the SDK holds each as a double


def insert_batches(
    spec: CollectionSpec,
    documents: Sequence[DocumentRows],
    generation: int,
    *,
    kept: bool = False,
) -> Iterator[list[dict[str, Any]]]:
    """All rows of the documents in order, in batches of at least one row."""
    batch: list[dict[str, Any]] = []
    size = 0
    for row in (row for document in documents for row in document.rows):
        nbytes = row.encoding.tokens.nbytes
        if batch and (len(batch) == MAX_ROWS or size + nbytes > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(engine_row(spec, row, generation, kept=kept))
        size += nbytes
    if batch:
        yield batch


def inserted(table: str, rows: list[dict[str, Any]]) -> Callable[[Any], None]:
    """What inserts `rows` into a table of the database that it is given."""
    return lambda database: database.get_table(table).insert(rows)
