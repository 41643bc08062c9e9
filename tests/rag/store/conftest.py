"""Tests of the store run twice: over the embedded engine, and over a server."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.rag.store.server.process import end, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.store.engine_store import EngineStore
    from rag.store.remote import RemoteStore


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a server in a process of its own, which lives as long as the tests."""
    process, uri = serve(tmp_path_factory.mktemp("server"))
    with process:
        yield uri
        end(process)
    assert process.returncode == 0


@pytest.fixture(scope="session")
def remote_store(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    """The store as a client of the server."""
    from rag.settings import StoreSettings
    from rag.store.remote import RemoteStore

    opened = RemoteStore.open(StoreSettings(uri=server, path=tmp_path_factory.mktemp("client")))
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["embedded", "server"])
def store(request: pytest.FixtureRequest) -> EngineStore:
    """Each of both stores."""
    fixture = {"embedded": "embedded_store", "server": "remote_store"}[request.param]
    opened: EngineStore = request.getfixturevalue(fixture)
    return opened


@pytest.fixture(scope="module", params=["embedded", "server"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], dict[str, str]]:
    """Gives variables that name a new database to other processes: in a folder, on a server."""

    def new() -> dict[str, str]:
        folder = {"TRIDENT_STORE__PATH": str(tmp_path_factory.mktemp("database"))}
        if request.param == "embedded":
            return folder
        uri = f"{request.getfixturevalue('server')}/d{uuid.uuid4().hex}"
        return {**folder, "TRIDENT_STORE__URI": uri, "TRIDENT_STORE__WRITER_TIMEOUT": "0.5"}

    return new


@pytest.fixture
def database(databases: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Such variables for one test."""
    return databases()
