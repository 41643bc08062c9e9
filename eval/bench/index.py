"""Where the time of indexing goes: seconds a stage, and the share outside the models."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.progress import silent
from eval.stats import Environment, environment
from indexers.demo import write_demo_corpus
from indexers.options import IndexOptions
from indexers.pipeline import index_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.progress import StepProgress
    from indexers.progress import Progress
    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.store.base import Store


@dataclass(frozen=True, slots=True)
class IndexBench:
    """Wall time of one indexing run, in seconds.

    Reading (parse, chunk), encoding and writing overlap. `forward_seconds` of
    `total_seconds` were spent in the models' forward passes; `outside_forward_share` is the
    rest as a part of the whole.
    """

    environment: Environment
    encoder: str
    documents: int
    chunks: int
    chunks_per_second: float
    stage_seconds: Mapping[str, float]
    total_seconds: float
    forward_seconds: float
    outside_forward_share: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings, *, files: Sequence[Path] = (), progress: StepProgress = silent
) -> IndexBench:
    """Index files, or the demo corpus when none are given, into a temporary database.

    Raises: StoreError, WeightsError.
    """
    from rag.encoders.loading import load_encoder
    from rag.store.embedded import EmbeddedStore

    encoder = load_encoder(settings.encoder)
    encoder.encode_documents(["The first forward pass also sets the models up."])
    options = IndexOptions(
        chunk=settings.chunk, searchable_timeout=settings.store.searchable_timeout
    )
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as temporary:
        files = files or write_demo_corpus(Path(temporary) / "corpus")
        store = EmbeddedStore.open(Path(temporary) / "store")
        try:
            return measure(store, encoder, files, "bench-index", options=options, progress=progress)
        finally:
            store.close()


def measure(
    store: Store,
    encoder: Encoder,
    files: Sequence[Path],
    collection: str,
    *,
    options: IndexOptions | None = None,
    progress: StepProgress = silent,
) -> IndexBench:
    """Index files into a collection of an open store; the collection stays there."""

    def tell(state: Progress) -> None:
        progress("index", state.bytes_done, state.bytes_total)

    report = index_paths(files, collection, store, encoder, options=options, progress=tell)
    return _result(report, encoder)


def _result(report: IndexReport, encoder: Encoder) -> IndexBench:
    return IndexBench(
        environment=environment(),
        encoder=encoder.info.identity,
        documents=report.added + report.replaced,
        chunks=report.chunks,
        chunks_per_second=report.chunks / report.total_seconds,
        stage_seconds=report.seconds,
        total_seconds=report.total_seconds,
        forward_seconds=report.forward_seconds,
        outside_forward_share=report.outside_forward_share,
    )
