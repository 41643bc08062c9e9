"""What lies where in the folder of a comparison, beside what every evaluation has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.peers.passages import PassageFolder

if TYPE_CHECKING:
    from pathlib import Path

    from eval.peers.base import Way
    from eval.sweep.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PeersFolder:
    """The paths of a comparison."""

    workspace: Workspace

    @property
    def passages(self) -> PassageFolder:
        """The encoded passages."""
        return PassageFolder(self.workspace.root / "passages")

    def data(self, peer: str) -> Path:
        """The peer's own folder."""
        return self.workspace.root / "peers" / peer

    def index_record(self, peer: str) -> Path:
        """What its indexing took; there when it is finished."""
        return self.workspace.root / "peers" / f"{peer}.json"

    @property
    def turns(self) -> Path:
        """What the searches took; there when all of them are finished."""
        return self.workspace.root / "turns.json"

    def run(self, peer: str, way: Way) -> Path:
        """The TREC run file of a peer searched in a way."""
        return self.workspace.run(run_name(peer, way))


def run_name(peer: str, way: Way) -> str:
    """Fit for a file name and for the tag of a TREC run."""
    return f"{peer}_{way}"
