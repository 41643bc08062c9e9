"""A store of which tests see the rows that it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.indexers.memory_target import MemoryTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rag.types import DocumentRows, Row

TOLERANCE = 1e-6


class KeepingTarget(MemoryTarget):
    """Keeps rows by id; one that comes twice fails the test."""

    def __init__(self, state_dir: Path, before_write: Callable[[int], None] = lambda _: None):
        super().__init__(state_dir, before_write)
        state_dir.mkdir()
        self.rows: dict[str, Row] = {}

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        rows = {row.chunk.id: row for document in documents for row in document.rows}
        assert self.rows.keys().isdisjoint(rows)
        self.rows.update(rows)
        super().write(collection, documents)


def assert_same_rows(one: KeepingTarget, other: KeepingTarget) -> None:
    """The same documents in the same order, the same chunks, and vectors to 1e-6."""
    assert [name for batch in one.writes for name in batch] == [
        name for batch in other.writes for name in batch
    ]
    assert one.documents("c") == other.documents("c")
    assert one.rows.keys() == other.rows.keys()
    for key, row in one.rows.items():
        assert row.chunk == other.rows[key].chunk
        assert_same_vectors(row, other.rows[key])


def assert_same_vectors(one: Row, other: Row) -> None:
    mine, theirs = one.encoding, other.encoding
    assert (mine.token_count, mine.windows) == (theirs.token_count, theirs.windows)
    np.testing.assert_array_equal(mine.sparse.indices, theirs.sparse.indices)
    for a, b in (
        (mine.dense, theirs.dense),
        (mine.tokens, theirs.tokens),
        (mine.sparse.values, theirs.sparse.values),
    ):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE)
