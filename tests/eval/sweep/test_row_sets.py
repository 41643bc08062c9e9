"""Sets of rows hold what their names promise."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest

from eval.sweep.configurations import RECALL_LEGS, RERANKS, Configuration, Variant
from eval.sweep.row_sets import RowSet, chosen
from rag.errors import InputError
from rag.types import Leg, Rerank

DEPTHS = (100, 1000)
LEGS_ALONE = {Configuration((leg,), Rerank.NONE, 100) for leg in RECALL_LEGS}


def test_standard_has_every_set_of_legs_with_both_fusions_every_rerank_and_depth() -> None:
    rows = set(chosen([RowSet.STANDARD], DEPTHS))
    pairs_and_all = [legs for size in (2, 3) for legs in combinations(RECALL_LEGS, size)]
    fusions = (Variant.RRF, Variant.MINMAX)
    for legs, fusion, rerank, depth in product(pairs_and_all, fusions, RERANKS, DEPTHS):
        assert Configuration(legs, rerank, depth, fusion) in rows
    for leg, rerank, depth in product(RECALL_LEGS, RERANKS[1:], DEPTHS):
        assert Configuration((leg,), rerank, depth) in rows
    assert rows >= LEGS_ALONE


def test_the_tensor_leg_is_a_ranker_once_exhaustively_and_by_its_index() -> None:
    rows = [c for c in chosen([RowSet.STANDARD], DEPTHS) if Leg.TENSOR in c.legs]
    assert [c.name for c in rows if not c.indexed] == ["tensor_none_100"]
    expected = ["emvb_none_100", "dense+sparse+fulltext+emvb_rrf_none_100"]
    assert [c.name for c in rows if c.indexed] == expected


def test_a_leg_alone_is_measured_at_one_depth() -> None:
    """Its ranking only gets longer with more candidates."""
    singles = [c for c in chosen([RowSet.FULL], DEPTHS) if c.single_leg and c.legs != (Leg.TENSOR,)]
    assert set(singles) == LEGS_ALONE


def test_each_set_holds_the_one_before() -> None:
    sets = [set(chosen([name], DEPTHS)) for name in RowSet]
    assert all(small < large for small, large in pairwise(sets))
    assert sets[0] == LEGS_ALONE


def test_the_default_of_the_product_is_among_the_quick_rows() -> None:
    assert Configuration(RECALL_LEGS, Rerank.TENSOR, 100) in chosen([RowSet.QUICK], DEPTHS)


def test_a_pattern_picks_rows_and_the_single_legs_come_along() -> None:
    rows = chosen(["*_minmax_tensor_1000", "emvb_*"], DEPTHS)
    assert set(rows) > LEGS_ALONE
    assert len(rows) == len(LEGS_ALONE) + 4 + 1


def test_the_order_of_depths_and_doubles_does_not_matter() -> None:
    assert chosen([RowSet.FULL], [1000, 100, 100]) == chosen([RowSet.FULL], DEPTHS)


def test_a_pattern_without_a_row_is_refused() -> None:
    with pytest.raises(InputError, match=r"no rows 'bm25': name a set .legs, quick"):
        chosen(["bm25"], DEPTHS)
