"""Live at once, ready only when the models are loaded."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi.testclient import TestClient

from api.app import create_app
from rag.errors import WeightsError
from rag.service import Rag
from rag.settings import load_settings

if TYPE_CHECKING:
    import pytest

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore


def wait_for(client: TestClient, status: int) -> None:
    deadline = time.monotonic() + 60
    while client.get("/readyz").status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_not_ready_before_the_models_are_loaded(
    store: EmbeddedStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = threading.Event()

    def load_slowly(rag: Rag) -> None:
        may_load.wait(60)
        rag.encoder.encode_question("warm up")

    monkeypatch.setattr(Rag, "warm_up", load_slowly)
    with TestClient(create_app(rag=Rag(load_settings(), store, encoder))) as client:
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").json()["code"] == "not_ready"
        assert client.post("/v1/search", json={"question": "x"}).status_code == 503
        may_load.set()
        wait_for(client, 200)


def test_a_failure_to_load_is_told_and_never_becomes_ready(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_rag: Rag) -> None:
        raise WeightsError("The weights are gone; bring them back.")

    monkeypatch.setattr(Rag, "warm_up", fail)
    with TestClient(create_app(rag=Rag(load_settings(), store))) as client:
        deadline = time.monotonic() + 60
        while "gone" not in client.get("/readyz").json()["detail"]:
            assert time.monotonic() < deadline
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200


def test_an_unforeseen_failure_to_load_is_told_without_internals_and_the_server_still_stops(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_rag: Rag) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Rag, "warm_up", fail)
    with TestClient(create_app(rag=Rag(load_settings(), store))) as client:
        deadline = time.monotonic() + 60
        while "could not be loaded" not in client.get("/readyz").json()["detail"]:
            assert time.monotonic() < deadline
        assert "secret" not in client.get("/readyz").text


def test_readiness_is_told_while_every_thread_is_busy(rag: Rag) -> None:
    app = create_app(rag=rag)
    started, finish = threading.Event(), threading.Event()

    @app.get("/busy")
    def busy() -> None:
        started.set()
        finish.wait(10)

    async def allow_one_thread() -> None:
        to_thread.current_default_thread_limiter().total_tokens = 1

    with TestClient(app) as client, ThreadPoolExecutor(1) as pool:
        wait_for(client, 200)
        assert client.portal is not None
        client.portal.call(allow_one_thread)
        answer = pool.submit(client.get, "/busy")
        assert started.wait(10)
        assert client.get("/readyz").status_code == 200
        assert not answer.done()
        finish.set()
