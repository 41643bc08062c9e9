"""The sweep: index once, encode each question once, then search in every way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from eval.bench.column_bytes import folder_bytes
from eval.data.corpus_file import provide_corpus
from eval.data.selection import Limits, select
from eval.data.trec import write_qrels
from eval.files import writing
from eval.progress import silent
from eval.stats import installed_version, summarize
from eval.sweep.indexed import provide_collections
from eval.sweep.plan import SweepOptions, collections_of, plan
from eval.sweep.question_cache import provide_encodings
from eval.sweep.runs import Asked, Runner
from indexers.chunk import CHUNKER_VERSION
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.data.corpus_file import CorpusFile
    from eval.data.datasets import Dataset
    from eval.data.selection import Selection
    from eval.progress import StepProgress
    from eval.stats import Timing
    from eval.sweep.indexed import IndexedCollection
    from eval.sweep.plan import Family, PlannedRun
    from eval.sweep.workspace import Workspace
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.store.base import Store

ENGINE = "infinity-embedded-sdk"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data that are known to be whole, with their documents in the workspace."""

    dataset: Dataset
    selection: Selection
    workspace: Workspace
    corpus: CorpusFile


@dataclass(frozen=True, slots=True)
class Sweep:
    """A finished sweep: its runs lie in the workspace of `data`.

    `left_out` are rows that could not be measured, each with the reason.
    """

    data: Prepared
    experiment: Mapping[str, Any]
    collections: Mapping[str, IndexedCollection]
    store_bytes: int
    encode_ms: Timing
    runs: tuple[PlannedRun, ...]
    left_out: Mapping[str, str]


def run(
    dataset: Dataset,
    settings: Settings,
    workspace: Workspace,
    options: SweepOptions,
    *,
    limits: Limits | None = None,
    progress: StepProgress = silent,
) -> Sweep:
    """Sweep in the workspace's own database; a run that was killed goes on where it was.

    Raises: InputError (broken data, a workspace of another evaluation), StoreError,
    StoreLockedError, WeightsError; KeyboardInterrupt when asked to stop while indexing.
    """
    from rag.encoders.loading import load_encoder
    from rag.store.embedded import EmbeddedStore

    data = prepare(dataset, workspace, limits, progress)  # before the models: it fails fast
    encoder = load_encoder(settings.encoder)
    store = EmbeddedStore.open(workspace.store)
    try:
        return measure(data, settings, store, encoder, options, progress=progress)
    finally:
        store.close()


def prepare(
    dataset: Dataset,
    workspace: Workspace,
    limits: Limits | None = None,
    progress: StepProgress = silent,
) -> Prepared:
    """Read and check the data, and put the documents into the workspace. Raises: InputError."""
    selection = select(dataset, limits or Limits())
    corpus = provide_corpus(dataset, selection, workspace, progress)
    return Prepared(dataset, selection, workspace, corpus)


def measure(
    data: Prepared,
    settings: Settings,
    store: Store,
    encoder: Encoder,
    options: SweepOptions,
    *,
    prefix: str = "",
    progress: StepProgress = silent,
) -> Sweep:
    """Sweep in an open store; the collections stay there, their names beginning with `prefix`."""
    workspace, questions = data.workspace, data.selection.questions
    experiment = describe(data.corpus, settings, encoder)
    workspace.claim(experiment)
    with writing(workspace.qrels) as file:
        write_qrels(file, data.selection.qrels)
    planned = collections_of(options, prefix)
    indexed = provide_collections(planned, workspace, store, encoder, settings, progress)
    encoded = provide_encodings(workspace.questions, questions, encoder, progress)
    asked = list(map(Asked, questions, encoded.encodings))
    families = plan(planned, {name: one.rows for name, one in indexed.items()}, options)
    left_out = _search(Runner(store, asked, settings.search, workspace), families, progress)
    return Sweep(
        data=data,
        experiment=experiment,
        collections=indexed,
        store_bytes=folder_bytes(workspace.store),
        encode_ms=summarize(encoded.milliseconds),
        runs=tuple(run for one in families for run in one.runs if run.name not in left_out),
        left_out=left_out,
    )


def describe(corpus: CorpusFile, settings: Settings, encoder: Encoder) -> dict[str, Any]:
    """All that the runs depend on besides their own configuration, as plain values."""
    return {
        "data": corpus.sha256,
        "encoder": encoder.info.identity,
        "chunks": {**settings.chunk.model_dump(), "version": CHUNKER_VERSION},
        "rank_constant": settings.search.rank_constant,
        "ef": settings.search.ef,
        "engine": installed_version(ENGINE),
    }


def _search(runner: Runner, families: Sequence[Family], progress: StepProgress) -> dict[str, str]:
    """Make what is missing; gives the rows that cannot be had, with the reason."""
    left_out: dict[str, str] = {}
    pending = [family for family in families if runner.missing(family)]
    total = len(pending) * len(runner.asked)
    for behind, family in enumerate(pending):
        try:
            runner.run(family, partial(_tell, progress, behind * len(runner.asked), total))
        except InputError as error:  # too few token vectors to index, say
            left_out |= {run.name: str(error) for run in family.runs}
    return left_out


def _tell(
    progress: StepProgress, before: int, total: int, step: str, done: int, _total: int, /
) -> None:
    progress(step, before + done, total)
