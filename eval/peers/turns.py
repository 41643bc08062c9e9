"""Ask every peer every question, in turns, so that all share the machine's moods."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from eval.data.trec import best_chunk_ranking, write_ranking
from eval.files import read_json, write_json, writing
from eval.peers.folder import run_name
from eval.peers.process import PeerProcess
from eval.peers.worker import Answered
from eval.progress import silent
from eval.sweep.runs import WARM_UP_QUESTIONS
from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    from eval.data.datasets import Question
    from eval.peers.base import Way
    from eval.peers.folder import PeersFolder
    from eval.peers.registry import PeerSpec
    from eval.peers.worker import Task
    from eval.progress import StepProgress


@dataclass(frozen=True, slots=True)
class Turns:
    """What finished searches took: by run, and by peer.

    `encode_milliseconds` are of a peer's own encoder; `failed` says why a peer is not there.
    """

    measured: str
    milliseconds: Mapping[str, list[float]]
    encode_milliseconds: Mapping[str, list[float]]
    peak_bytes: Mapping[str, int]
    failed: Mapping[str, str]


@dataclass(slots=True)
class Turn:
    """A peer that is being asked."""

    spec: PeerSpec
    process: PeerProcess
    files: Mapping[Way, TextIO]
    milliseconds: dict[Way, list[float]] = field(init=False)
    encode_milliseconds: dict[Way, list[float]] = field(init=False)

    def __post_init__(self) -> None:
        self.milliseconds = {way: [] for way in self.spec.ways}
        self.encode_milliseconds = {way: [] for way in self.spec.ways}

    def ask(self, number: int, question: Question, way: Way, count: int) -> Answered:
        """One search. Raises: FailureError."""
        self.process.tell(
            {
                "number": number,
                "id": question.id,
                "text": question.text,
                "way": way,
                "count": count,
            }
        )
        return Answered(**self.process.hear()["result"])

    def take(self, number: int, question: Question, count: int) -> None:
        """The question in every way, written and timed. Raises: FailureError."""
        for way, file in self.files.items():
            answered = self.ask(number, question, way, count)
            ranking = best_chunk_ranking((doc_id, score) for doc_id, score in answered.found)
            write_ranking(file, question.id, ranking, run_name(self.spec.name, way))
            self.milliseconds[way].append(answered.milliseconds)
            self.encode_milliseconds[way].append(answered.encode_milliseconds)


def provide_turns(
    tasks: Mapping[str, Task],
    specs: Sequence[PeerSpec],
    questions: Sequence[Question],
    count: int,
    folder: PeersFolder,
    progress: StepProgress = silent,
) -> Turns:
    """The runs of all peers, asked together unless that has been done with no other peers.

    A peer that fails is out; the others go on.
    """
    there = read_json(folder.turns)
    if there and there["peers"] == [spec.name for spec in specs]:
        return Turns(**there["turns"])
    turns = _ask_all(tasks, specs, questions, count, folder, progress)
    if not turns.failed:
        names = [spec.name for spec in specs]
        write_json(folder.turns, {"peers": names, "turns": asdict(turns)})
    return turns


def _ask_all(
    tasks: Mapping[str, Task],
    specs: Sequence[PeerSpec],
    questions: Sequence[Question],
    count: int,
    folder: PeersFolder,
    progress: StepProgress,
) -> Turns:
    failed: dict[str, str] = {}
    with ExitStack() as stack:
        turns = [_open(spec, tasks[spec.name], folder, stack) for spec in specs]
        turns = _each(turns, failed, _ready)
        for number, question in enumerate(questions[:WARM_UP_QUESTIONS]):
            turns = _each(turns, failed, partial(_warm_up, number, question, count))
        for number, question in enumerate(questions):
            turns = _each(turns, failed, partial(_take, number, question, count))
            progress("search", number + 1, len(questions))
        peaks: dict[str, int] = {}
        turns = _each(turns, failed, partial(_finish, peaks))
    return _turns(turns, peaks, failed)


def _open(spec: PeerSpec, task: Task, folder: PeersFolder, stack: ExitStack) -> Turn:
    process = stack.enter_context(PeerProcess(task))
    files = {way: stack.enter_context(writing(folder.run(spec.name, way))) for way in spec.ways}
    return Turn(spec, process, files)


def _each(turns: Sequence[Turn], failed: dict[str, str], act: Callable[[Turn], None]) -> list[Turn]:
    """Let each peer act; gives those that did not fail."""
    alive = []
    for turn in turns:
        try:
            act(turn)
            alive.append(turn)
        except FailureError as error:
            failed[turn.spec.name] = str(error)
    return alive


def _ready(turn: Turn) -> None:
    turn.process.hear()


def _warm_up(number: int, question: Question, count: int, turn: Turn) -> None:
    for way in turn.spec.ways:
        turn.ask(number, question, way, count)


def _take(number: int, question: Question, count: int, turn: Turn) -> None:
    turn.take(number, question, count)


def _finish(peaks: dict[str, int], turn: Turn) -> None:
    turn.process.no_more()
    peaks[turn.spec.name] = turn.process.hear()["peak_bytes"]
    turn.process.wait()


def _turns(turns: Sequence[Turn], peaks: Mapping[str, int], failed: Mapping[str, str]) -> Turns:
    spent = {
        run_name(turn.spec.name, way): turn.milliseconds[way]
        for turn in turns
        for way in turn.spec.ways
    }
    encoding = {turn.spec.name: turn.encode_milliseconds[turn.spec.ways[0]] for turn in turns}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Turns(now, spent, encoding, peaks, failed)
