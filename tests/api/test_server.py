"""`trident serve` with a real client over a real socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.corpus import TEXTS
from tests.rag.cli.command import TRIDENT, trident, trident_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text)
    store = tmp_path_factory.mktemp("store")
    trident("index", str(folder), "-c", "test", store=store)
    return store


@pytest.fixture(scope="module")
def from_the_command_line(store: Path) -> list[tuple[str, float]]:
    """What `trident search` gives, before the server takes the database."""
    result = trident_json("search", "volcano", "-c", "test", store=store)
    return [(p["chunk"]["id"], p["score"]) for p in result["passages"]]


@pytest.fixture(scope="module")
def client(store: Path, from_the_command_line: list[tuple[str, float]]) -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "TRIDENT_STORE__PATH": str(store),
        "TRIDENT_COLLECTION": "test",
        "TRIDENT_ENCODER__RUNTIME": "onnx",  # as the commands of these tests
    }
    server = subprocess.Popen([TRIDENT, "serve", "--port", str(port)], env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_until_ready(client)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0 or server.returncode == -signal.SIGTERM


def wait_until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail("the server did not become ready")


def test_search_over_http_equals_search_on_the_command_line(
    client: httpx.Client, from_the_command_line: list[tuple[str, float]]
) -> None:
    passages = client.post("/v1/search", json={"question": "volcano"}).json()["passages"]
    assert [(p["chunk_id"], p["score"]) for p in passages] == from_the_command_line


def test_many_clients_at_once_get_what_one_gets(client: httpx.Client) -> None:
    questions = ["volcano", "bees dance", "castling king", "spring tides"] * 4

    def answer(question: str) -> str:
        response = client.post("/v1/query", json={"question": question})
        assert response.status_code == 200
        return str(response.json()["answer"])

    alone = [answer(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, questions)) == alone


def test_a_second_process_is_told_who_has_the_database(client: httpx.Client, store: Path) -> None:
    done = trident("search", "volcano", "-c", "test", store=store, code=1)
    assert "is open in another process" in done.stderr
    assert "serve" in done.stderr
    assert done.stderr.count("\n") == 1
