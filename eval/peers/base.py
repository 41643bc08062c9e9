"""What a peer must offer, so that only the engine differs between two rows of a comparison."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked
    from rag.encoders.base import EncoderInfo
    from rag.settings import Settings


class Way(StrEnum):
    """A way to search; every peer offers some of them.

    HYBRID fuses legs by RRF; RERANK orders the best of those by MaxSim of the token vectors;
    JOINED does so by both orders together.
    """

    FULLTEXT = "fulltext"
    DENSE = "dense"
    HYBRID = "hybrid"
    RERANK = "rerank"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Setup:
    """Where a peer keeps its data, which vectors it gets, and the settings of the comparison."""

    folder: Path
    encoder: EncoderInfo
    settings: Settings


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found, with the text that a reader is shown."""

    id: str
    doc_id: str
    text: str
    score: float


class Peer(ABC):
    """An engine over one folder.

    A life is either `add` (repeatedly), `finish`, `close`, or `open`, `search` (repeatedly),
    `close`, each in a process of its own. What `add` and `finish` take is the time of
    indexing, what `search` takes that of a question; a peer with an encoder of its own uses
    it in `encode_passages` and `encode_question`, whose times are stated apart.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def encode_passages(self, passages: Passages) -> Passages:
        """The passages with the vectors that this peer searches by."""
        return passages

    def encode_question(self, asked: Asked) -> Asked:
        """The question with the vectors that this peer searches by."""
        return asked

    @abstractmethod
    def add(self, passages: Passages) -> None:
        """Insert passages."""

    @abstractmethod
    def finish(self) -> None:
        """Build the indexes; afterwards everything is on disk and can be found."""

    @abstractmethod
    def open(self) -> None:
        """Make ready to search what is on disk."""

    @abstractmethod
    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:
        """At most `count` passages, best first; as many candidates a leg and for the rerank."""

    def close(self) -> None:
        """Let go of the data."""
        return
