"""Jobs of its own for each module, and a runner for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.jobs.runner import JobRunner
from rag.service import Rag
from rag.settings import Settings
from rag.store.base import CollectionSpec
from tests.api.jobs.gated_encoder import GatedEncoder
from tests.api.state_elsewhere import StateElsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.store.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory, store: EmbeddedStore) -> StateElsewhere:
    return StateElsewhere(store, tmp_path_factory.mktemp("state"))


@pytest.fixture
def gated() -> GatedEncoder:
    return GatedEncoder()


@pytest.fixture
def rag(own_store: StateElsewhere, gated: GatedEncoder) -> Rag:
    return Rag(Settings(), own_store, gated)


@pytest.fixture
def runner(rag: Rag, gated: GatedEncoder) -> Iterator[JobRunner]:
    opened = JobRunner.open(rag)
    yield opened
    gated.gate.set()
    opened.close()


@pytest.fixture
def collection(own_store: StateElsewhere, gated: GatedEncoder, collection_name: str) -> str:
    own_store.create_collection(CollectionSpec(collection_name, gated.info))
    return collection_name
