"""Build each peer's index once."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.bench.column_bytes import folder_bytes
from eval.files import read_json, write_json
from eval.peers.process import PeerProcess
from eval.peers.worker import Indexed
from eval.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.peers.folder import PeersFolder
    from eval.peers.registry import PeerSpec
    from eval.peers.worker import Task
    from eval.progress import StepProgress


@dataclass(frozen=True, slots=True)
class PeerIndex:
    """A finished index: what made it, what that took, and its bytes on disk."""

    versions: Mapping[str, str]
    indexed: Indexed
    disk_bytes: int

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> PeerIndex:
        """From what `asdict` gave."""
        return cls(record["versions"], Indexed(**record["indexed"]), record["disk_bytes"])


def provide_index(
    spec: PeerSpec,
    task: Task,
    folder: PeersFolder,
    passages: int,
    progress: StepProgress = silent,
) -> PeerIndex:
    """The peer's index, made anew unless these versions have finished it.

    Raises: FailureError with what the peer's process said last.
    """
    there = read_json(folder.index_record(spec.name))
    if there and there["versions"] == spec.versions:
        return PeerIndex.from_json(there)
    folder.index_record(spec.name).unlink(missing_ok=True)
    shutil.rmtree(folder.data(spec.name), ignore_errors=True)
    with PeerProcess(task) as process:
        indexed = _follow(process, f"index with {spec.name}", passages, progress)
        process.no_more()
        process.wait()
    index = PeerIndex(spec.versions, indexed, folder_bytes(folder.data(spec.name)))
    folder.turns.unlink(missing_ok=True)  # those were searches of another index
    write_json(folder.index_record(spec.name), asdict(index))
    return index


def _follow(process: PeerProcess, step: str, total: int, progress: StepProgress) -> Indexed:
    while True:
        message = process.hear()
        if "result" in message:
            return Indexed(**message["result"])
        progress(step, message["done"], total)
