"""The sweep: index once, encode each question once, then search in every way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from eval.configurations import families
from eval.corpus_file import provide_corpus
from eval.files import writing
from eval.progress import silent
from eval.question_cache import provide_encodings
from eval.runs import Asked, Runner
from eval.selection import Limits, select
from eval.stats import installed_version, summarize
from eval.trec import write_qrels
from indexers.chunk import CHUNKER_VERSION
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.types import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.configurations import Configuration, Family
    from eval.corpus_file import CorpusFile
    from eval.datasets import Dataset
    from eval.progress import StepProgress
    from eval.selection import Selection
    from eval.stats import Timing
    from eval.workspace import Workspace
    from indexers.progress import Progress
    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.store.base import Store

CANDIDATES = (100, 1000)
COLLECTION = "eval"
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
    """A finished sweep: its runs lie in the workspace of `data`."""

    data: Prepared
    experiment: dict[str, Any]
    index: IndexReport
    rows: int
    store_bytes: int
    encode_ms: Timing
    configurations: tuple[Configuration, ...]


def run(
    dataset: Dataset,
    settings: Settings,
    workspace: Workspace,
    *,
    limits: Limits | None = None,
    candidates: Sequence[int] = CANDIDATES,
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
        return measure(data, settings, store, encoder, candidates=candidates, progress=progress)
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
    *,
    collection: str = COLLECTION,
    candidates: Sequence[int] = CANDIDATES,
    progress: StepProgress = silent,
) -> Sweep:
    """Sweep in an open store; the collection stays there."""
    workspace, questions = data.workspace, data.selection.questions
    experiment = describe(data.corpus, settings, encoder)
    workspace.claim(experiment)
    with writing(workspace.qrels) as file:
        write_qrels(file, data.selection.qrels)
    index = _index(workspace, collection, store, encoder, settings, progress)
    encoded = provide_encodings(workspace.questions, questions, encoder, progress)
    asked = list(map(Asked, questions, encoded.encodings))
    swept = families(candidates)
    _search(Runner(store, collection, asked, settings.search, workspace), swept, progress)
    return Sweep(
        data=data,
        experiment=experiment,
        index=index,
        rows=store.describe(collection).rows,
        store_bytes=_bytes_below(workspace),
        encode_ms=summarize(encoded.milliseconds),
        configurations=tuple(c for family in swept for c in family.configurations),
    )


def describe(corpus: CorpusFile, settings: Settings, encoder: Encoder) -> dict[str, Any]:
    """All that the runs depend on, as plain values."""
    return {
        "data": corpus.sha256,
        "encoder": encoder.info.identity,
        "chunks": {**settings.chunk.model_dump(), "version": CHUNKER_VERSION},
        "layout": asdict(settings.index.over(Layout())),
        "rank_constant": settings.search.rank_constant,
        "ef": settings.search.ef,
        "engine": installed_version(ENGINE),
    }


def _index(
    workspace: Workspace,
    collection: str,
    store: Store,
    encoder: Encoder,
    settings: Settings,
    progress: StepProgress,
) -> IndexReport:
    def tell(state: Progress) -> None:
        progress("index", state.bytes_done, state.bytes_total)

    options = IndexOptions(
        chunk=settings.chunk,
        layout=settings.index,
        searchable_timeout=settings.store.searchable_timeout,
    )
    report = index_paths(
        [workspace.corpus], collection, store, encoder, options=options, progress=tell
    )
    if report.interrupted:  # what is there is kept, but half an index must not be measured
        raise KeyboardInterrupt
    return report


def _search(runner: Runner, swept: Sequence[Family], progress: StepProgress) -> None:
    pending = [family for family in swept if runner.missing(family)]
    total = len(pending) * len(runner.asked)
    for behind, family in enumerate(pending):
        runner.run(family, partial(_tell, progress, behind * len(runner.asked), total))


def _tell(
    progress: StepProgress, before: int, total: int, step: str, done: int, _total: int, /
) -> None:
    progress(step, before + done, total)


def _bytes_below(workspace: Workspace) -> int:
    return sum(path.stat().st_size for path in workspace.store.rglob("*") if path.is_file())
