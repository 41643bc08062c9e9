"""The collections of a sweep: indexed together, and what is known of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.files import read_json, write_json
from eval.sweep.fan_out import FanOut
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import CollectionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.progress import StepProgress
    from eval.sweep.plan import EvalCollection
    from eval.sweep.workspace import Workspace
    from indexers.progress import Progress
    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.store.base import Store

MOST_SKIPPED = 20


@dataclass(frozen=True, slots=True)
class IndexedCollection:
    """A collection that holds all documents.

    `columns` are bytes by column without indexes, estimated from the first rows. `seconds` are
    of the run that completed it, which wrote `chunks_written` to every collection of
    `together` at once. `skipped` are the first documents that could not be indexed.
    """

    name: str
    documents: int
    rows: int
    columns: Mapping[str, int]
    seconds: float
    chunks_written: int
    together: Sequence[str]
    documents_skipped: int
    skipped: Sequence[str]


def provide_collections(
    collections: Sequence[EvalCollection],
    workspace: Workspace,
    store: Store,
    encoder: Encoder,
    settings: Settings,
    progress: StepProgress,
) -> dict[str, IndexedCollection]:
    """Index what is not there yet, each chunk encoded once for all of them; by name.

    Raises: KeyboardInterrupt when asked to stop: half an index must not be measured.
    """
    behind = [one for one in collections if _known(one, workspace, store) is None]
    if behind:
        report = _index(behind, workspace, store, encoder, settings, progress)
        for one in behind:
            described = _describe(one, behind, store, report)
            write_json(workspace.collection(one.name), asdict(described))
    known = (_known(one, workspace, store) for one in collections)
    return {one.name: one for one in known if one}


def _known(
    collection: EvalCollection, workspace: Workspace, store: Store
) -> IndexedCollection | None:
    """What was noted when it was complete, if it still is."""
    noted: dict[str, Any] | None = read_json(workspace.collection(collection.name))
    if noted is None:
        return None
    try:
        complete = store.describe(collection.stored).documents == noted["documents"]
    except CollectionNotFoundError:
        return None
    return IndexedCollection(**noted) if complete else None


def _index(
    behind: Sequence[EvalCollection],
    workspace: Workspace,
    store: Store,
    encoder: Encoder,
    settings: Settings,
    progress: StepProgress,
) -> IndexReport:
    def tell(state: Progress) -> None:
        progress("index", state.bytes_done, state.bytes_total)

    options = IndexOptions(
        chunk=settings.chunk, searchable_timeout=settings.store.searchable_timeout
    )
    target = FanOut(store, behind)
    first = behind[0].stored
    report = index_paths([workspace.corpus], first, target, encoder, options=options, progress=tell)
    if report.interrupted:
        raise KeyboardInterrupt
    return report


def _describe(
    collection: EvalCollection,
    together: Sequence[EvalCollection],
    store: Store,
    report: IndexReport,
) -> IndexedCollection:
    info = store.describe(collection.stored)
    return IndexedCollection(
        name=collection.name,
        documents=info.documents,
        rows=info.rows,
        columns=store.column_bytes(collection.stored),
        seconds=report.total_seconds,
        chunks_written=report.chunks,
        together=[one.name for one in together],
        documents_skipped=len(report.skipped),
        skipped=[f"{skip.source}: {skip.reason}" for skip in report.skipped[:MOST_SKIPPED]],
    )
