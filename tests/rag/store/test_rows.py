from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rag.store.base import FieldType
from rag.store.fields import KINDS
from rag.store.rows import CHUNK_OUTPUT, engine_row, hits
from rag.store.schema import columns
from tests.rag.store.rows import SPARSE_DIM, TOKEN_DIM, encoding, row, sparse, spec

SPEC = spec("a", {"year": FieldType.INTEGER, "open": FieldType.BOOLEAN})


def found(*rows: tuple[str, int, float]) -> dict[str, list[Any]]:
    """An engine's result with these ids, generations and scores."""
    names = [*CHUNK_OUTPUT, "SCORE"]
    defaults = {"metadata": "{}"}
    result: dict[str, list[Any]] = {name: [defaults.get(name, 0)] * len(rows) for name in names}
    result["id"], result["generation"], result["SCORE"] = map(list, zip(*rows, strict=True))
    return result


def test_a_row_fills_every_column_of_the_table() -> None:
    values = engine_row(SPEC, row("d", metadata={"year": 5}), 3)
    assert list(values) == list(columns(SPEC))
    assert values["generation"] == 3


def test_a_missing_field_is_kept_as_its_sentinel() -> None:
    values = engine_row(SPEC, row("d", metadata={"year": 5}), 3)
    assert values["field_0"] == 5
    assert values["field_1"] == KINDS[FieldType.BOOLEAN].missing


def test_empty_vectors_become_ones_that_no_question_matches() -> None:
    empty = replace(encoding(1), sparse=sparse({}), tokens=np.zeros((0, TOKEN_DIM), np.float32))
    values = engine_row(SPEC, row("d", encoded=empty), 1)
    assert values["sparse"] == {SPARSE_DIM: 1.0}  # one beyond what an encoder gives
    assert values["tokens"].tolist() == [0.0] * TOKEN_DIM


def test_hits_keep_their_order_and_each_id_its_newest_generation() -> None:
    result = found(("a", 1, 0.9), ("b", 2, 0.8), ("a", 2, 0.7), ("c", 1, 0.6))
    assert [(hit.chunk.id, hit.score) for hit in hits(result)] == [
        ("b", 0.8),
        ("a", 0.7),
        ("c", 0.6),
    ]


def test_no_rows_are_no_hits() -> None:
    assert hits({name: [] for name in [*CHUNK_OUTPUT, "SCORE"]}) == []
