"""The server as a process: it stays up whatever is missing, says what, and ends quietly."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rag.store.lock import StoreLock
from tests.rag.cli.command import TRIDENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("server")
SECRET = "xylophone"
KEY = f"trident-{SECRET}"


class Server:
    """A `trident serve` whose log goes to a file."""

    def __init__(self, store: Path, log: Path, **variables: str):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = log
        environment = {
            **os.environ,
            "TRIDENT_STORE__PATH": str(store),
            "TRIDENT_ENCODER__OFFLINE": "1",
            "TRIDENT_ENCODER__RUNTIME": "torch",
            "TRIDENT_SERVER__LOG_FORMAT": "json",
            **variables,
        }
        with log.open("wb") as stderr:
            command = [TRIDENT, "serve", "--port", str(port)]
            self.process = subprocess.Popen(command, env=environment, stderr=stderr)

    def problem(self) -> dict[str, Any]:
        """What /readyz answers as long as it is not ready."""
        response = httpx.get(f"{self.url}/readyz")
        return {"code": "ready"} if response.is_success else response.json()

    def wait_for(self, code: str) -> dict[str, Any]:
        """Wait until /readyz gives this code."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if (problem := self.problem())["code"] == code:
                    return problem
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        pytest.fail(f"/readyz did not come to {code}: {self.log}")

    @property
    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[Server]:
    server = Server(folder / "store", folder / "log", **variables)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait(60)


def newer_database(folder: Path) -> dict[str, str]:
    (folder / "store").mkdir()
    with sqlite3.connect(folder / "store" / "catalog.sqlite") as db:
        db.execute("create table from_the_future (x)")
        db.execute("pragma user_version = 99")
    return {}


def missing_weights(folder: Path) -> dict[str, str]:
    (folder / "weights").mkdir()
    return {
        "TRIDENT_ENCODER__PRESET": "bge-m3",
        "TRIDENT_ENCODER__WEIGHTS": str(folder / "weights"),
    }


def unreachable_server(_folder: Path) -> dict[str, str]:
    return {"TRIDENT_STORE__URI": "infinity://127.0.0.1:1", "TRIDENT_STORE__ATTEMPTS": "1"}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (newer_database, "store_failed"),
        (missing_weights, "weights_missing"),
        (unreachable_server, "store_unreachable"),
    ],
)
def test_a_server_that_cannot_start_stays_up_and_says_why(
    tmp_path: Path, broken: Any, code: str
) -> None:
    with serving(tmp_path, **broken(tmp_path)) as server:
        detail = server.wait_for(code)["detail"]
        refused = httpx.post(f"{server.url}/v1/search", json={"question": "x"})
        assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
        assert httpx.get(f"{server.url}/livez").status_code == 200
        assert f"not ready ({code}): {detail}" in [
            json.loads(line)["event"] for line in server.log.splitlines()
        ]
        assert server.stop() == 0


def test_a_server_becomes_ready_when_its_database_is_free_and_keeps_secrets_out_of_its_log(
    tmp_path: Path,
) -> None:
    (tmp_path / "store").mkdir()
    lock = StoreLock.acquire(tmp_path / "store")
    with serving(tmp_path) as server:
        assert "is open in another process" in server.wait_for("store_locked")["detail"]
        lock.release()
        server.wait_for("ready")
        use(server.url)
        assert server.stop() == 0
        events = [json.loads(line) for line in server.log.splitlines()]
    assert SECRET not in server.log
    assert [e["event"] for e in events].count("ready") == 1
    access = {e["request_id"]: e for e in events if e["logger"] == "trident.access"}
    assert (access["mine"]["route"], access["mine"]["status"]) == ("/v1/ground", 200)
    assert "Traceback" not in server.log


def use(url: str) -> None:
    """Requests good and bad, all of which hold the secret."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as client:
        passage = f"The {SECRET} is an instrument."
        client.post(
            "/v1/ground",
            json={"answer": passage, "context": [passage]},
            headers={"X-Request-ID": "mine"},
        ).raise_for_status()
        client.post("/v1/search", json={"question": SECRET})
        client.post("/v1/query", json={"question": SECRET, "collection": SECRET})
        client.post("/v1/query", json={"question": SECRET, SECRET: SECRET})
        client.post("/v1/query", content=f"{{{SECRET}")
        client.get(f"/{SECRET}?{SECRET}={SECRET}")
        client.get("/v1/collections", headers={"Cookie": SECRET, "X-Forwarded-For": SECRET})
