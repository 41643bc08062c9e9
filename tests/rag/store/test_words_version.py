"""A collection whose words were cut by other rules is neither searched nor written to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.errors import CollectionMismatchError
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.store.engine_store import EngineStore


@pytest.mark.parametrize(
    "use",
    [
        lambda store, name: store.search(name, query()),
        lambda store, name: store.leg_rankings(name, query()),
        lambda store, name: store.write(name, [document("a", "x")]),
    ],
    ids=["search", "leg_rankings", "write"],
)
def test_it_is_refused_with_what_to_do(
    store: EngineStore, collection_name: str, use: Callable[[EngineStore, str], object]
) -> None:
    store.create_collection(replace(spec(collection_name), words=1))
    with pytest.raises(CollectionMismatchError, match=f"collections rebuild {collection_name}"):
        use(store, collection_name)


def test_it_can_be_described_and_dropped(store: EngineStore, collection_name: str) -> None:
    store.create_collection(replace(spec(collection_name), words=1))
    assert store.describe(collection_name).spec.words == 1
    store.drop_collection(collection_name)
