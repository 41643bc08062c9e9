from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.store.query import engine_fuses, usable_legs
from rag.types import Fusion, Leg, Normalization
from tests.rag.store.rows import TOKEN_DIM, encoding, query, sparse

NO_TERMS = replace(encoding(0), sparse=sparse({}))


def test_every_leg_that_was_asked_for_is_used_once_and_in_order() -> None:
    legs = (Leg.FULLTEXT, Leg.DENSE, Leg.FULLTEXT, Leg.SPARSE, Leg.TENSOR)
    assert usable_legs(query(legs=legs)) == (Leg.FULLTEXT, Leg.DENSE, Leg.SPARSE, Leg.TENSOR)


@pytest.mark.parametrize(
    ("text", "encoded", "legs"),
    [
        ("?!", encoding(0), (Leg.DENSE, Leg.SPARSE, Leg.TENSOR)),
        ("words", NO_TERMS, (Leg.DENSE, Leg.FULLTEXT, Leg.TENSOR)),
        ("?!", NO_TERMS, (Leg.DENSE, Leg.TENSOR)),
        (
            "words",
            replace(encoding(0), tokens=np.zeros((0, TOKEN_DIM), np.float32)),
            (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT),
        ),
    ],
)
def test_a_leg_without_input_is_dropped(text: str, encoded: object, legs: tuple[Leg, ...]) -> None:
    assert usable_legs(query(text, encoded=encoded)) == legs  # type: ignore[arg-type] # typed in the table


SEVERAL = (Leg.DENSE, Leg.SPARSE)
ATAN = {"fusion": Fusion.WEIGHTED_SUM, "normalization": Normalization.ATAN}


@pytest.mark.parametrize(
    ("legs", "changes", "alone"),
    [
        (SEVERAL, {}, True),
        (SEVERAL, {"weights": {Leg.FULLTEXT: 2.0}}, True),  # of a leg that is not in use
        (SEVERAL, {"weights": {Leg.DENSE: 2.0}}, False),
        (SEVERAL, {"weights": dict.fromkeys(SEVERAL, 2.0)}, False),  # its score would be half
        (SEVERAL, ATAN, True),
        (SEVERAL, {**ATAN, "weights": {Leg.DENSE: 2.0}}, True),
        (SEVERAL, {"fusion": Fusion.WEIGHTED_SUM}, False),
        ((Leg.DENSE,), {"fusion": Fusion.WEIGHTED_SUM, "weights": {Leg.DENSE: 2.0}}, True),
    ],
)
def test_the_engine_fuses_by_plain_rrf_and_by_arctangents(
    legs: tuple[Leg, ...], changes: dict[str, object], alone: bool
) -> None:
    assert engine_fuses(replace(query(legs=legs), **changes), legs) is alone
