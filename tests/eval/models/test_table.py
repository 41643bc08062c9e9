"""Every row of the table ranks documents by their best chunk, exactly."""

from __future__ import annotations

import numpy as np
import pytest

from eval.models.table import (
    BM25,
    DENSE,
    FUSIONS,
    MAXSIM,
    SPARSE,
    Scored,
    bootstrap,
    table,
)

GOOD = np.array([[0.1, 0.9, 0.2, 0.0]], np.float32)  # the second chunk, of document a
BAD = np.array([[0.1, 0.2, 0.9, 0.3]], np.float32)  # the third, of document b
DOCUMENTS = ("a", "a", "b", "c")
QRELS = {"q": {"a": 1}}


def scored(**scores: np.ndarray) -> Scored:
    return Scored(("q",), DOCUMENTS, scores)


def test_a_document_counts_by_its_best_chunk() -> None:
    rows = table(scored(bm25=BAD, dense=GOOD, sparse=BAD, maxsim=GOOD), QRELS)
    assert rows[DENSE].mean == 1.0
    assert rows[SPARSE].mean == pytest.approx(1 / np.log2(4))  # b, c, a


def test_maxsim_reorders_what_was_fused() -> None:
    rows = table(scored(bm25=BAD, dense=BAD, sparse=BAD, maxsim=GOOD), QRELS)
    assert rows["RRF(bm25, dense, sparse)"].mean < 1
    assert rows["RRF(bm25, dense, sparse) → MaxSim"].mean == 1.0


def test_there_is_a_row_for_each_representation_and_fusion() -> None:
    rows = table(scored(bm25=GOOD, dense=GOOD, sparse=GOOD, maxsim=GOOD), QRELS)
    assert set(rows) == {BM25, DENSE, SPARSE, MAXSIM, *FUSIONS}
    assert all(row.mean == 1.0 for row in rows.values())


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    values = np.random.default_rng(0).random(1000).tolist()
    few, many = bootstrap(values[:50], 0), bootstrap(values, 0)
    assert few.low < few.mean < few.high
    assert many.high - many.low < few.high - few.low
    assert bootstrap([0.5] * 9, 0).low == 0.5
