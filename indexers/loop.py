"""The loop of an indexing run over all that its files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.prepare import FinishedSource, PreparedDocument, Preparer, SkippedPart
from indexers.prune import gone_documents
from indexers.report import Skip
from indexers.writer import Writer

if TYPE_CHECKING:
    from indexers.interrupt import Interrupt
    from indexers.prepare import Item, UnchangedDocuments
    from indexers.progress import ProgressMeter
    from indexers.run import Run
    from indexers.sources import Sources


class IndexLoop:
    """Sends each item to where it belongs and keeps the report."""

    def __init__(self, run: Run, batch_chunks: int, meter: ProgressMeter) -> None:
        self._run = run
        self._meter = meter
        self._preparer = Preparer(run)
        self._writer = Writer(run, batch_chunks)
        self._read: set[str] = set()  # sources in which nothing was broken

    def index(self, sources: Sources, interrupt: Interrupt) -> None:
        """Write all that is new or changed; stop early, between batches, when asked to."""
        for item in self._preparer.prepare(sources.files):
            if interrupt.requested:
                self._run.report.interrupted = True
                return
            self._take(item)
            if self._writer.is_full:
                self._flush()
        self._flush()

    def prune(self, sources: Sources) -> None:
        """Delete what is gone; only right after the whole of `index`."""
        run = self._run
        with run.clock.stage("prune"):
            gone = list(gone_documents(run.stored, sources.scope, self._preparer.seen, self._read))
            if not gone:
                return
            run.report.deleted = run.store.delete(run.collection, [d.doc_id for d in gone])
            for source in {document.source for document in gone} - self._read:
                run.manifest.forget(source)

    def _take(self, item: Item) -> None:
        if isinstance(item, PreparedDocument):
            self._writer.add(item)
        elif isinstance(item, FinishedSource):
            self._finish(item)
        elif isinstance(item, SkippedPart):
            self._run.report.skipped.append(Skip(item.where, item.reason))
            self._meter.advance(size=item.size)
        else:
            self._pass_over(item)

    def _pass_over(self, item: UnchangedDocuments) -> None:
        self._run.report.unchanged += item.count
        self._meter.advance(size=item.size)

    def _finish(self, source: FinishedSource) -> None:
        if source.readable:
            self._read.add(source.source)
        self._writer.finish(source)

    def _flush(self) -> None:
        for chunks, size in self._writer.flush():
            self._meter.advance(chunks=chunks, size=size)
