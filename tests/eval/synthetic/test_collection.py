"""A synthetic collection is made once for its parameters and reused while it is whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eval.synthetic.collection import collection_name, provide

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

ROWS = 27


def test_it_is_made_with_exactly_that_many_rows_and_then_reused(
    store: EmbeddedStore, encoder: Encoder
) -> None:
    seen: list[tuple[str, int, int]] = []
    made = provide(store, encoder.info, ROWS, progress=lambda *step: seen.append(step))
    assert store.describe(made.name).rows == made.rows == ROWS
    assert made.rows_per_second is not None
    assert seen == [("insert", 0, ROWS), ("insert", ROWS, ROWS)]
    uid = store.describe(made.name).uid
    again = provide(store, encoder.info, ROWS)
    assert again.rows_per_second is None
    assert store.describe(again.name).uid == uid
    store.drop_collection(made.name)


def test_one_that_was_left_incomplete_is_gone_on_with(
    store: EmbeddedStore, encoder: Encoder
) -> None:
    made = provide(store, encoder.info, ROWS)
    store.delete(made.name, ["synthetic-0"])
    seen: list[tuple[str, int, int]] = []
    again = provide(store, encoder.info, ROWS, progress=lambda *step: seen.append(step))
    assert again.rows_per_second is not None
    assert seen == [("insert", 0, 10), ("insert", 10, 10)]
    assert store.describe(made.name).rows == ROWS
    store.drop_collection(made.name)


def test_the_name_tells_parameters_apart(encoder: Encoder) -> None:
    info = encoder.info
    names = {
        collection_name(10, info),
        collection_name(11, info),
        collection_name(10, replace(info, token_dim=info.token_dim + 1)),
    }
    assert len(names) == 3
