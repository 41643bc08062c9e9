"""What a filter means is the same in the engine and in Python, in every leg."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.store.base import FieldType
from rag.store.filters import Compare, Comparison
from rag.types import DocumentRows, Leg
from tests.rag.store.process import start
from tests.rag.store.rows import encoding, query, row, sparse, spec

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.engine_store import EngineStore


def test_the_engine_finds_the_rows_for_which_a_random_filter_holds(tmp_path: Path) -> None:
    """Also when it combines many conditions; in a process of its own, which it might end."""
    process = start("-m", "tests.rag.store.filter_run", tmp_path, 1)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stderr


@pytest.fixture(scope="module")
def crowd(store: EngineStore) -> str:
    """Forty rows that are just what is asked for, and behind them in every leg three more."""
    store.create_collection(spec("crowd", {"kept": FieldType.BOOLEAN}))
    asked = encoding(0)
    term = int(asked.sparse.indices[0])
    far = replace(asked, dense=-asked.dense, tokens=-asked.tokens, sparse=sparse({term: 0.01}))
    near_rows = [row(f"near{i}", text="some words", encoded=asked) for i in range(40)]
    far_rows = [
        row(f"far{i}", text="some " + "other " * 50, encoded=far, metadata={"kept": True})
        for i in range(3)
    ]
    documents = [DocumentRows(r.chunk.doc_id, "1", "", (r,)) for r in near_rows + far_rows]
    store.write("crowd", documents)
    store.wait_until_searchable("crowd", 30)
    return "crowd"


@pytest.mark.parametrize("legs", [*((leg,) for leg in Leg), tuple(Leg)], ids="+".join)
def test_a_filter_works_inside_a_leg_and_not_on_what_it_found(
    store: EngineStore, crowd: str, legs: tuple[Leg, ...]
) -> None:
    kept = Compare("kept", Comparison.EQ, True)
    asked = query(legs=legs, candidates=3, top_k=3)
    without = store.search(crowd, asked)
    assert {hit.chunk.doc_id for hit in without}.isdisjoint({"far0", "far1", "far2"})
    found = store.search(crowd, replace(asked, where=kept))
    assert {hit.chunk.doc_id for hit in found} == {"far0", "far1", "far2"}
