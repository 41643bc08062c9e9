"""The process of one peer: `python -m eval.peers.worker`, its task as JSON in the first line.

Indexing and searching each have a process of their own, so that a crash takes only the peer
with it and its peak memory is its own. Answers are JSON lines on standard output; whatever
engines print goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from eval.bench.memory import peak_bytes
from eval.data.datasets import Question
from eval.peers.base import Setup, Way
from eval.peers.passages import PassageFolder
from eval.peers.registry import PEERS
from eval.sweep.question_cache import read_encodings
from eval.sweep.runs import Asked
from rag.encoders.base import EncoderInfo
from rag.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eval.peers.base import Peer

STDOUT, STDERR = 1, 2


@dataclass(frozen=True, slots=True)
class Task:
    """`action` is a key of ACTIONS, `peer` one of PEERS; the paths are where all data lie."""

    action: str
    peer: str
    folder: str
    passages: str
    questions: str
    encoder: Mapping[str, Any]
    settings: Mapping[str, Any]

    def make_peer(self) -> Peer:
        """The peer over its folder, which is made."""
        folder = Path(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        encoder = EncoderInfo.from_dict(self.encoder)
        return PEERS[self.peer].load()(Setup(folder, encoder, Settings(**self.settings)))


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing took: `seconds` to insert and build, `encode_seconds` of its own encoder."""

    passages: int
    seconds: float
    encode_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Answered:
    """(document, score) of each passage found, best first; milliseconds of searching and
    of the peer's own encoder.
    """

    found: list[tuple[str, float]]
    milliseconds: float
    encode_milliseconds: float


def index(peer: Peer, task: Task, say: Callable[[Any], None]) -> None:
    """Insert all passages and build; says how many are behind, and last what it took."""
    done, seconds, encode_seconds = 0, 0.0, 0.0
    for passages in PassageFolder(Path(task.passages)).read():
        began = perf_counter()
        encoded = peer.encode_passages(passages)
        inserting = perf_counter()
        peer.add(encoded)
        encode_seconds += inserting - began
        seconds += perf_counter() - inserting
        done += len(passages)
        say({"done": done})
    began = perf_counter()
    peer.finish()
    seconds += perf_counter() - began
    say({"result": asdict(Indexed(done, seconds, encode_seconds, peak_bytes()))})


def serve(peer: Peer, task: Task, say: Callable[[Any], None]) -> None:
    """Answer the questions that come in, one a line, until there are no more."""
    encodings = read_encodings(Path(task.questions))
    peer.open()
    say({"ready": True})
    for line in sys.stdin:
        wish = json.loads(line)
        asked = Asked(Question(wish["id"], wish["text"]), encodings[wish["number"]])
        say({"result": asdict(answer(peer, asked, Way(wish["way"]), wish["count"]))})
    say({"peak_bytes": peak_bytes()})


def answer(peer: Peer, asked: Asked, way: Way, count: int) -> Answered:
    """Ask a peer, and time it."""
    began = perf_counter()
    encoded = peer.encode_question(asked)
    searching = perf_counter()
    found = peer.search(encoded, way, count)
    done = perf_counter()
    ranking = [(passage.doc_id, passage.score) for passage in found]
    return Answered(ranking, 1e3 * (done - searching), 1e3 * (searching - began))


ACTIONS: Mapping[str, Callable[[Peer, Task, Callable[[Any], None]], None]] = {
    "index": index,
    "search": serve,
}


def _private_stdout() -> TextIO:
    """Standard output for this module alone: native code may print to the descriptor."""
    private = os.fdopen(os.dup(STDOUT), "w", encoding="utf-8")
    os.dup2(STDERR, STDOUT)
    return private


def _main() -> None:
    answers = _private_stdout()

    def say(message: Any) -> None:
        print(json.dumps(message), file=answers, flush=True)

    task = Task(**json.loads(sys.stdin.readline()))
    peer = task.make_peer()
    try:
        ACTIONS[task.action](peer, task, say)
    finally:
        peer.close()


if __name__ == "__main__":
    _main()
