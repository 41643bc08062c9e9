"""Which peers there are, and what is said of one that is not installed."""

from __future__ import annotations

import pytest

from eval.peers.base import Peer, Way
from eval.peers.registry import OURS, OURS_WAY, PEERS, choose, how_to_install
from rag.errors import InputError


def test_ours_is_compared_whoever_is_chosen() -> None:
    assert [spec.name for spec in choose(["qdrant"])] == [OURS, "qdrant"]
    assert [spec.name for spec in choose(None)] == list(PEERS)
    assert OURS_WAY in PEERS[OURS].ways


def test_an_unknown_peer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no peer 'faiss'; there are trident, bm25s, "):
        choose(["faiss"])


def test_what_is_missing_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "eval.peers.registry.installed_version", lambda name: "" if name == "lancedb" else "1"
    )
    assert PEERS["lancedb"].missing == ("lancedb",)
    assert how_to_install(PEERS["lancedb"]) == "pip install lancedb"
    assert PEERS["bm25s"].missing == ()


@pytest.mark.parametrize("name", PEERS)
def test_each_place_is_that_of_a_peer(name: str) -> None:
    spec = PEERS[name]
    if spec.missing:
        pytest.skip(f"{name} needs {', '.join(spec.missing)}")
    assert issubclass(spec.load(), Peer)
    assert set(spec.ways) <= set(Way)
