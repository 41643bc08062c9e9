"""Tests of the store run twice: over the embedded engine, and over a server."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.rag.store.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.store.engine_store import EngineStore
    from rag.store.remote import RemoteStore


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a server in a process of its own, which lives as long as the tests."""
    folder = tmp_path_factory.mktemp("server")
    command = [sys.executable, "-m", "tests.rag.store.server.service", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield f"infinity://127.0.0.1:{process.stdout.readline().strip()}"
        assert process.stdin is not None
        process.stdin.close()  # it then ends in peace
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
