"""Compares the engine's reading of filters with Python's, in a process of its own.

An engine that crashes then fails one test instead of ending them all.
`python -m tests.rag.store.filter_run FOLDER SEED`
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import HealthCheck, given, settings

from rag.store.base import FieldType
from rag.store.embedded import EmbeddedStore
from rag.store.filters import And, Compare, Comparison, In, Or
from rag.store.sql import MAX_DEPTH, MAX_SIZE
from rag.types import DocumentRows, Leg, Rerank
from tests.rag.store.filter_model import FIELDS, FILTERS, PYTHON, holds, rows
from tests.rag.store.rows import document, encoding, query, row, spec

if TYPE_CHECKING:
    from rag.store.filters import Filter

ROWS = 200
EXAMPLES = 200
MANY = 3000


def main(folder: Path, seed: int) -> None:
    """Fill a collection with random rows and ask it random filters."""
    store = EmbeddedStore.open(folder)
    metadata = rows(ROWS, seed)
    store.create_collection(spec("things", FIELDS))
    store.write("things", [document(f"d{i}", "thing", metadata=m) for i, m in enumerate(metadata)])
    store.wait_until_searchable("things", 30)

    def check(where: Filter) -> None:
        asked = query(
            "thing", legs=(Leg.FULLTEXT,), rerank=Rerank.NONE, where=where, candidates=ROWS,
            top_k=ROWS,
        )  # fmt: skip
        found = {hit.chunk.doc_id for hit in store.search("things", asked)}
        meant = {f"d{i}" for i, m in enumerate(metadata) if holds(where, {**m, "position": 0})}
        assert found == meant, where

    check_open_ranges(store)
    for where in largest():
        check(where)
    quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    hypothesis.seed(seed)(quick(given(FILTERS)(check)))()
    store.close()


def check_open_ranges(store: EmbeddedStore) -> None:
    """A range without an upper end, over an index that has grown to more than 8,192 rows."""
    store.create_collection(spec("many", {"year": FieldType.INTEGER}))
    same = encoding(0)
    for name in ("a", "b", "c"):
        many = (row(name, i, encoded=same, metadata={"year": i}) for i in range(MANY))
        store.write("many", [DocumentRows(name, "1", "", tuple(many))])
    for op in Comparison:
        asked = query(legs=(Leg.DENSE,), rerank=Rerank.NONE, where=Compare("year", op, 100))
        found = store.search("many", asked)
        assert found, op
        assert all(PYTHON[op](hit.chunk.metadata["year"], 100) for hit in found), op


def largest() -> list[Filter]:
    """Filters at the bounds of what is allowed."""
    wide = In("year", tuple(range(1 - MAX_SIZE, 0)))
    nested: Filter = Or(tuple(Compare("year", Comparison.EQ, -i) for i in range(1, MAX_SIZE - 60)))
    for _ in range(MAX_DEPTH - 2):
        nested = And((nested, Compare("position", Comparison.EQ, 0)))
    return [wide, nested]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
