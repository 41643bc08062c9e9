"""The application over the shared service and corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.service import Rag


@pytest.fixture(scope="session")
def client(rag: Rag) -> Iterator[TestClient]:
    """A client of the application, ready."""
    from api.app import create_app

    rag.warm_up()
    with TestClient(create_app(rag=rag), raise_server_exceptions=False) as client:
        while client.get("/readyz").status_code != 200:
            pass
        yield client


@pytest.fixture(scope="session")
def live_url(rag: Rag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application on a real socket, with jobs of its own."""
    from rag.service import Rag
    from tests.api.live import served
    from tests.api.state_elsewhere import StateElsewhere

    rag.warm_up()
    own = StateElsewhere(rag.store, tmp_path_factory.mktemp("live"))
    with served(Rag(rag.settings, own, rag.encoder)) as address:
        yield address
