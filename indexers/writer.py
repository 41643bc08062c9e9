"""Whole documents into the store, and then into the manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexers.pool import pooled
from indexers.report import Skip
from indexers.window import InFlight
from rag.errors import RowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.items import FinishedSource
    from indexers.run import Run
    from indexers.window import Encoded
    from rag.types import DocumentRows


@dataclass(slots=True)
class Written:
    """What a batch did: documents, rows and source bytes that the store has confirmed."""

    added: int = 0
    replaced: int = 0
    chunks: int = 0
    windowed: int = 0
    size: int = 0
    skipped: list[Skip] = field(default_factory=list)


class Writer:
    """Writes batches, from one thread."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._refused: set[str] = set()  # sources with a document that the store refused

    def write(self, batch: Sequence[Encoded]) -> Written:
        """Write the documents of a batch, each whole or not at all, then record ended sources."""
        with self._run.clock.stage("write"):
            documents = [item for item in batch if isinstance(item, InFlight)]
            for document in documents:
                self._pool(document)
            written = Written(size=sum(document.prepared.size for document in documents))
            self._write(documents, written)
            for item in batch:
                if not isinstance(item, InFlight):
                    self._record(item)
        return written

    def _write(self, documents: Sequence[InFlight], written: Written) -> None:
        """Write all together; when the store refuses a row, that document costs only itself."""
        if not documents:
            return
        rows = [document.rows() for document in documents]
        try:
            self._run.store.write(self._run.collection, rows)
        except RowError as error:
            self._write_apart(documents, error, written)
        else:
            self._count(rows, written)

    def _write_apart(
        self, documents: Sequence[InFlight], error: RowError, written: Written
    ) -> None:
        if len(documents) == 1:
            self._refused.add(documents[0].prepared.document.source)
            written.skipped.append(Skip(documents[0].prepared.where, str(error)))
            return
        for document in documents:
            self._write([document], written)

    def _pool(self, document: InFlight) -> None:
        for index, encoding in document.encodings.items():
            document.encodings[index] = pooled(encoding, self._run.token_pooling)

    def _count(self, documents: Sequence[DocumentRows], written: Written) -> None:
        replaced = sum(document.doc_id in self._run.stored for document in documents)
        written.replaced += replaced
        written.added += len(documents) - replaced
        rows = [row for document in documents for row in document.rows]
        written.chunks += len(rows)
        written.windowed += sum(len(row.encoding.windows) > 1 for row in rows)

    def _record(self, source: FinishedSource) -> None:
        if source.clean and source.source not in self._refused:
            self._run.manifest.record(
                source.source, source.fingerprint, source.doc_ids, source.stamp
            )
