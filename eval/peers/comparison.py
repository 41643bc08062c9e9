"""The comparison: encode once, index with each peer, ask all in turns; it goes on after a kill."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.data.datasets import Dataset
from eval.data.trec import write_qrels
from eval.files import writing
from eval.peers.folder import PeersFolder
from eval.peers.indexing import provide_index
from eval.peers.passages import provide_passages
from eval.peers.registry import how_to_install
from eval.peers.turns import provide_turns
from eval.peers.worker import Task
from eval.progress import silent
from eval.stats import summarize
from eval.sweep.question_cache import provide_encodings
from eval.sweep.run import describe, prepare
from rag.errors import FailureError
from rag.types import Layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.data.selection import Limits
    from eval.peers.indexing import PeerIndex
    from eval.peers.passages import Part
    from eval.peers.registry import PeerSpec
    from eval.peers.turns import Turns
    from eval.progress import StepProgress
    from eval.stats import Timing
    from eval.sweep.run import Prepared
    from eval.sweep.workspace import Workspace
    from rag.encoders.base import Encoder, EncoderInfo
    from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finished comparison: its runs lie in the workspace of `data`.

    `skipped` gives for each peer that is not installed the command that would, `failed` for
    each that ended early what it said last.
    """

    data: Prepared
    experiment: Mapping[str, Any]
    folder: PeersFolder
    parts: Sequence[Part]
    encode_ms: Timing
    peers: Sequence[PeerSpec]
    indexes: Mapping[str, PeerIndex]
    turns: Turns
    skipped: Mapping[str, str]
    failed: Mapping[str, str]


def run(
    dataset: Dataset,
    settings: Settings,
    workspace: Workspace,
    specs: Sequence[PeerSpec],
    *,
    limits: Limits | None = None,
    progress: StepProgress = silent,
) -> Comparison:
    """Compare in the workspace; as `compare`, with the models of the settings.

    Raises: InputError (broken data, a workspace of another evaluation), WeightsError.
    """
    from rag.encoders.loading import load_encoder

    data = prepare(dataset, workspace, limits, progress)  # before the models: it fails fast
    return compare(data, settings, load_encoder(settings.encoder), specs, progress)


def compare(
    data: Prepared,
    settings: Settings,
    encoder: Encoder,
    specs: Sequence[PeerSpec],
    progress: StepProgress = silent,
) -> Comparison:
    """Compare peers with the encodings of one encoder. A peer that is missing or fails is told.

    Raises: InputError (a workspace of another evaluation).
    """
    folder, questions = PeersFolder(data.workspace), data.selection.questions
    experiment = {
        "comparison": "peers",
        **describe(data.corpus, settings, encoder),
        "layout": asdict(settings.index.over(Layout())),
        "search": settings.search.model_dump(mode="json"),
    }
    data.workspace.claim(experiment)
    with writing(data.workspace.qrels) as file:
        write_qrels(file, data.selection.qrels)
    documents = Dataset(data.dataset.name, (data.workspace.corpus,), (), ()).documents()
    parts = provide_passages(folder.passages, documents, encoder, settings, progress)
    encoded = provide_encodings(data.workspace.questions, questions, encoder, progress)
    here = [spec for spec in specs if not spec.missing]
    passages = sum(part.passages for part in parts)
    indexes, failed = _index(here, folder, encoder.info, settings, passages, progress)
    indexed = [spec for spec in here if spec.name in indexes]
    tasks = {s.name: _task("search", s, folder, encoder.info, settings) for s in indexed}
    count = settings.search.candidates
    turns = provide_turns(tasks, indexed, questions, count, folder, progress)
    return Comparison(
        data=data,
        experiment=experiment,
        folder=folder,
        parts=parts,
        encode_ms=summarize(encoded.milliseconds),
        peers=[spec for spec in indexed if spec.name not in turns.failed],
        indexes=indexes,
        turns=turns,
        skipped={spec.name: how_to_install(spec) for spec in specs if spec.missing},
        failed={**failed, **turns.failed},
    )


def _index(
    specs: Sequence[PeerSpec],
    folder: PeersFolder,
    encoder: EncoderInfo,
    settings: Settings,
    passages: int,
    progress: StepProgress,
) -> tuple[dict[str, PeerIndex], dict[str, str]]:
    """The indexes, and why peers have none."""
    indexes: dict[str, PeerIndex] = {}
    failed: dict[str, str] = {}
    for spec in specs:
        task = _task("index", spec, folder, encoder, settings)
        try:
            indexes[spec.name] = provide_index(spec, task, folder, passages, progress)
        except FailureError as error:
            failed[spec.name] = str(error)
    return indexes, failed


def _task(
    action: str, spec: PeerSpec, folder: PeersFolder, encoder: EncoderInfo, settings: Settings
) -> Task:
    return Task(
        action=action,
        peer=spec.name,
        folder=str(folder.data(spec.name)),
        passages=str(folder.passages.path),
        questions=str(folder.workspace.questions),
        encoder=encoder.to_dict(),
        settings=settings.model_dump(mode="json"),
    )
