"""The loop of an indexing run: a bounded stream from files to rows.

Three threads work at the same time. One reads ahead: it parses and chunks, and waits when
`READ_AHEAD` chunks lie ready. This one, the caller's, has the engine encode window by window.
One writes what the last window completed, while the next is encoded; a window waits until the
one before it is written. So what is held does not depend on the size of the corpus, only on
that of its largest document, which must be whole before it is written.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from indexers.ahead import Ahead
from indexers.behind import Behind
from indexers.items import (
    FinishedSource,
    PreparedDocument,
    SkippedPart,
    UnchangedDocuments,
)
from indexers.prepare import Preparer
from indexers.prune import gone_documents
from indexers.report import Repeat, Skip
from indexers.window import EncodeWindow
from indexers.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexers.engines.base import Encoded
    from indexers.interrupt import Interrupt
    from indexers.items import DuplicateDocument, Item
    from indexers.progress import ProgressMeter
    from indexers.run import Run
    from indexers.sources import Sources
    from indexers.window import Slice
    from indexers.writer import Written

READ_AHEAD = 512  # chunks


class IndexLoop:
    """Sends each item to where it belongs and keeps the report, all from one thread."""

    def __init__(self, run: Run, batch_chunks: int, meter: ProgressMeter) -> None:
        self._run = run
        self._meter = meter
        self._preparer = Preparer(run)
        self._window = EncodeWindow(batch_chunks)
        self._writer = Writer(run)
        self._under_way: deque[tuple[Slice, Encoded]] = deque()
        self._read: set[str] = set()  # sources in which nothing was broken

    def index(self, sources: Sources, interrupt: Interrupt) -> None:
        """Write all that is new or changed; stop early, between windows, when asked to."""
        prepare = partial(self._preparer.prepare, sources.files)
        behind: Behind[Written]
        with (
            Behind() as behind,
            Ahead(prepare, READ_AHEAD, _chunks, lambda: interrupt.requested) as ahead,
        ):
            for item in self._run.clock.each("starved", iter(ahead)):
                self._take(item, behind, interrupt)
            if not interrupt.requested:
                self._encode(behind)
                self._collect(behind, 0)
            self._count(behind.finish())
        self._run.report.interrupted = interrupt.requested

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

    def _take(self, item: Item, behind: Behind[Written], interrupt: Interrupt) -> None:
        if isinstance(item, PreparedDocument):
            self._queue(item, behind, interrupt)
        elif isinstance(item, FinishedSource):
            self._finish(item)
        else:
            self._pass_over(item)

    def _pass_over(self, item: UnchangedDocuments | DuplicateDocument | SkippedPart) -> None:
        report = self._run.report
        if isinstance(item, UnchangedDocuments):
            report.unchanged += item.count
        elif isinstance(item, SkippedPart):
            report.skipped.append(Skip(item.where, item.reason))
        else:
            report.duplicates.append(Repeat(item.where, item.match.doc_id, item.match.likeness))
        self._meter.passed(item.size)

    def _finish(self, source: FinishedSource) -> None:
        if source.readable:
            self._read.add(source.source)
        if not source.unchanged:
            self._window.finish(source)

    def _queue(self, item: PreparedDocument, behind: Behind[Written], interrupt: Interrupt) -> None:
        self._meter.read(len(item.chunks))
        for _full in self._window.add(item):
            if interrupt.requested:
                return
            self._encode(behind)

    def _encode(self, behind: Behind[Written]) -> None:
        """Have the window encoded, and hand over what is whole by then."""
        engine = self._run.engine
        self._under_way += ((part, engine.encode(part.texts)) for part in self._window.slices())
        self._collect(behind, engine.ahead)

    def _collect(self, behind: Behind[Written], left: int) -> None:
        """Wait for encodings until those of so many slices are left."""
        while len(self._under_way) > left:
            part, encoded = self._under_way.popleft()
            with self._run.clock.stage("encode"):
                part.fill(encoded())
            self._meter.encoded(len(part.places))
        batch = self._window.take_whole()
        if batch:
            with self._run.clock.stage("blocked"):
                written = behind.do(partial(self._writer.write, batch))
            self._count(written)

    def _count(self, batches: Iterable[Written]) -> None:
        report = self._run.report
        for written in batches:
            report.added += written.added
            report.replaced += written.replaced
            report.chunks += written.chunks
            report.windowed += written.windowed
            report.skipped += written.skipped
            self._meter.written(written.size)


def _chunks(item: Item) -> int:
    """What an item weighs; one that holds no text is nearly nothing, but not nothing."""
    return len(item.chunks) if isinstance(item, PreparedDocument) else 1
