from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.store.query import usable_legs
from rag.types import Leg
from tests.rag.store.rows import TOKEN_DIM, encoding, query, sparse

NO_TERMS = replace(encoding(0), sparse=sparse({}))


def test_every_leg_that_was_asked_for_is_used_once_and_in_order() -> None:
    legs = (Leg.FULLTEXT, Leg.DENSE, Leg.FULLTEXT, Leg.SPARSE)
    assert usable_legs(query(legs=legs)) == (Leg.FULLTEXT, Leg.DENSE, Leg.SPARSE)


@pytest.mark.parametrize(
    ("text", "encoded", "legs"),
    [
        ("?!", encoding(0), (Leg.DENSE, Leg.SPARSE)),
        ("words", NO_TERMS, (Leg.DENSE, Leg.FULLTEXT)),
        ("?!", NO_TERMS, (Leg.DENSE,)),
        (
            "words",
            replace(encoding(0), tokens=np.zeros((0, TOKEN_DIM), np.float32)),
            (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT),
        ),
    ],
)
def test_a_leg_without_input_is_dropped(text: str, encoded: object, legs: tuple[Leg, ...]) -> None:
    assert usable_legs(query(text, encoded=encoded)) == legs  # type: ignore[arg-type] # typed in the table
