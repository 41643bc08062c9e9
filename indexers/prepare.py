"""From files to documents that must be written: read, leave out what is unchanged, cut."""

from __future__ import annotations

from collections import defaultdict, deque
from contextlib import closing
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from indexers.cutter import Cutter, ReadDocument
from indexers.items import (
    DuplicateDocument,
    FinishedSource,
    PreparedDocument,
    SkippedPart,
    UnchangedDocuments,
)
from indexers.known_files import KnownFiles
from indexers.parse.base import Problem
from indexers.parse.batch import Done, Failure, reason_of
from indexers.repeats import RepeatCheck, is_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Set
    from pathlib import Path

    from indexers.cutter import Cut
    from indexers.engines.base import ReadEvent
    from indexers.items import Item
    from indexers.run import Run
    from indexers.sources import SourceFile
    from rag.types import Document


class Preparer:
    """Reads files and remembers which document ids it has met."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._cutter = Cutter(run.collection, run.recipe)
        self._seen: dict[str, str] = {}  # document id -> where it was given
        self._passed: deque[Item] = deque()  # of files that are not parsed
        self._repeats = RepeatCheck(run.duplicates, run.stored)
        self._known = KnownFiles(run, self._repeats)
        self._outcomes: dict[Path, FinishedSource] = {}  # of files that are being parsed

    @property
    def seen(self) -> Set[str]:
        """Ids of all documents met so far, changed or not."""
        return self._seen.keys()

    def prepare(
        self, files: Iterable[SourceFile], stopped: Callable[[], bool] = lambda: False
    ) -> Generator[Item]:
        """What each file holds; a file that cannot be read costs only itself.

        Once `stopped` says so, nothing more is given.
        """
        events = self._run.engine.read(
            self._to_parse(files), self._cutter, self._revisions, stopped
        )
        with closing(events):
            for event in self._run.clock.each("parse", events):
                for item in chain(self._drained(), self._item(event)):
                    yield item
                    if self._ends_run(item):
                        return
        yield from self._drained()

    def _ends_run(self, item: Item) -> bool:
        """The first failure does when that is wanted; what came before is still written."""
        failed = isinstance(item, SkippedPart) and not item.on_purpose
        if failed and self._run.parse.fail_fast:
            self._run.report.failed_fast = True
        return self._run.report.failed_fast

    def _to_parse(self, files: Iterable[SourceFile]) -> Iterator[SourceFile]:
        for file in files:
            outcome = FinishedSource(file.name)
            try:
                known = self._known.documents(file, outcome)
            except OSError as error:
                self._passed += (self._unread(outcome, reason_of(error), file.size), outcome)
                continue
            if known is None:
                self._outcomes[file.path] = outcome
                yield file
            else:
                self._passed += self._pass_over(file, outcome, known)

    def _drained(self) -> Iterator[Item]:
        while self._passed:
            yield self._passed.popleft()

    def _pass_over(
        self, file: SourceFile, outcome: FinishedSource, known: list[str]
    ) -> tuple[Item, Item]:
        outcome.unchanged = True
        self._seen.update(dict.fromkeys(known, outcome.source))
        return UnchangedDocuments(len(known), file.size), outcome

    def _unread(self, outcome: FinishedSource, reason: str, size: int) -> SkippedPart:
        outcome.readable = outcome.clean = False
        return SkippedPart(outcome.source, reason, size)

    def _item(self, event: ReadEvent) -> Iterator[Item]:
        outcome = self._outcomes[event.file.path]
        match event.item:
            case ReadDocument() as read:
                yield self._document(read, outcome)
            case Problem() as problem:
                yield self._problem(problem, outcome)
            case Failure() as failure:
                yield self._unread(outcome, failure.reason, event.file.size)
                yield self._outcomes.pop(event.file.path)
            case Done():
                yield self._outcomes.pop(event.file.path)

    def _problem(self, problem: Problem, outcome: FinishedSource) -> SkippedPart:
        if problem.broken:
            outcome.readable = outcome.clean = False
        where = _where(outcome.source, problem.part, problem.line)
        return SkippedPart(where, problem.reason, problem.size, not problem.broken)

    def _document(self, read: ReadDocument, outcome: FinishedSource) -> Item:
        document, revision, parsed = read.document, read.revision, read.parsed
        where = _where(outcome.source, parsed.part, parsed.line)
        refusal = self._refusal(document)
        if refusal:
            outcome.clean = False
            return SkippedPart(where, refusal, parsed.size)
        stored = self._run.stored.get(document.id)
        unchanged = stored is not None and stored.revision == revision
        match = self._repeats.check(document, revision, unchanged)
        if match:
            outcome.clean = False
            return DuplicateDocument(where, match, parsed.size)
        self._seen[document.id] = where
        outcome.doc_ids.append(document.id)
        if unchanged:
            return UnchangedDocuments(1, parsed.size)
        cut = self._cut(read)
        return PreparedDocument(document, revision, cut.chunks, cut.texts, where, parsed.size)

    def _cut(self, read: ReadDocument) -> Cut:
        with self._run.clock.stage("chunk"):
            return read.cut or self._cutter.cut(read, self._run.encoder)

    def _revisions(self, source: str) -> Mapping[str, str]:
        return self._stored_by_source.get(source, {})

    @cached_property
    def _stored_by_source(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for document in self._run.stored.values():
            found[document.source][document.doc_id] = document.revision
        return found

    def _refusal(self, document: Document) -> str:
        """Why a document must not be written; empty when it may."""
        if not document.text.strip():
            return "it has no text"
        if document.id in self._seen:
            return f'its id "{document.id}" is already that of {self._seen[document.id]}'
        stored = self._run.stored.get(document.id)
        if stored and stored.source != document.source and not is_gone(stored.source):
            return f'its id "{document.id}" is already that of {stored.source} in the store'
        return ""


def _where(source: str, part: str, line: int | None) -> str:
    return f"{source}{part}" if line is None else f"{source}{part}:{line}"
