"""A server that is killed: a sentence while it is away, then on as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreUnreachableError
from rag.settings import StoreSettings
from rag.store import server_engine
from rag.store.remote import RemoteStore
from tests.rag.store.rows import document, query, spec
from tests.rag.store.server.process import end, serve

if TYPE_CHECKING:
    from pathlib import Path


def texts(store: RemoteStore) -> list[str]:
    store.wait_until_searchable("c", 60)
    return sorted(hit.chunk.text for hit in store.search("c", query(top_k=100)))


def test_a_client_goes_on_when_a_killed_server_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_engine, "LONGEST_PAUSE", 0.01)
    server, uri = serve(tmp_path / "server")
    client = RemoteStore.open(StoreSettings(uri=uri, path=tmp_path, writer_timeout=0.5))
    client.create_collection(spec("c"))
    client.write("c", [document("d", "one", "two")])

    server.kill()
    server.communicate()
    away = f"No Infinity server answers at 127.0.0.1:{uri.rpartition(':')[2]}"
    with pytest.raises(StoreUnreachableError, match=away):
        client.search("c", query())
    with pytest.raises(StoreUnreachableError, match=away):
        client.write("c", [document("e", "three")])

    server, again = serve(tmp_path / "server", int(uri.rpartition(":")[2]))
    assert again == uri
    assert texts(client) == ["one", "two"]
    client.write("c", [document("e", "three")])
    assert texts(client) == ["one", "three", "two"]
    client.close()
    end(server)
    assert server.wait(30) == 0
