"""Batches of whole documents: encoded in slices, written together, then counted as done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.pool import pooled
from indexers.report import Skip
from rag.encoders.embed_text import embed_text
from rag.errors import RowError
from rag.types import DocumentRows, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexers.prepare import FinishedSource, PreparedDocument
    from indexers.run import Run
    from rag.types import Chunk, Encoding

SLICE = 32  # chunks encoded between two signs of progress


class Writer:
    """Collects prepared documents until `batch_chunks` chunks have come together."""

    def __init__(self, run: Run, batch_chunks: int) -> None:
        self._run = run
        self._batch_chunks = batch_chunks
        self._waiting: list[PreparedDocument] = []
        self._finished: list[FinishedSource] = []
        self._refused: set[str] = set()  # sources with a document that the store refused

    @property
    def is_full(self) -> bool:
        """Enough has come together for `flush`."""
        return sum(len(prepared.chunks) for prepared in self._waiting) >= self._batch_chunks

    def add(self, prepared: PreparedDocument) -> None:
        """Take a document into the batch."""
        self._waiting.append(prepared)

    def finish(self, source: FinishedSource) -> None:
        """Record a source as indexed once the documents that came before are written."""
        self._finished.append(source)
        if not self._waiting:
            self._record_finished()

    def flush(self) -> Iterator[tuple[int, int]]:
        """Encode and write the batch; gives (chunks encoded, source bytes done) on the way."""
        chunks = [chunk for prepared in self._waiting for chunk in prepared.chunks]
        rows: list[Row] = []
        for start in range(0, len(chunks), SLICE):
            piece = chunks[start : start + SLICE]
            rows += map(Row, piece, self._encode(piece))
            yield len(piece), 0
        remaining = iter(rows)
        with self._run.clock.stage("write"):
            self._write([_document_rows(prepared, remaining) for prepared in self._waiting])
        size = sum(prepared.size for prepared in self._waiting)
        self._waiting.clear()
        self._record_finished()
        yield 0, size

    def _encode(self, chunks: Sequence[Chunk]) -> list[Encoding]:
        encoder = self._run.encoder
        with self._run.clock.stage("encode"):
            limit = encoder.info.max_tokens
            texts = [embed_text(chunk, encoder.count_tokens, limit) for chunk in chunks]
            encodings = encoder.encode_documents(texts)
            return [pooled(encoding, self._run.token_pooling) for encoding in encodings]

    def _write(self, documents: Sequence[DocumentRows]) -> None:
        """Write all together; when the store refuses a row, that document costs only itself."""
        if not documents:
            return
        try:
            self._run.store.write(self._run.collection, documents)
        except RowError as error:
            self._write_apart(documents, error)
        else:
            self._count(documents)

    def _write_apart(self, documents: Sequence[DocumentRows], error: RowError) -> None:
        if len(documents) == 1:
            self._refuse(documents[0], error)
            return
        for document in documents:
            self._write([document])

    def _refuse(self, document: DocumentRows, error: RowError) -> None:
        self._refused.add(document.source)
        where = next(p.where for p in self._waiting if p.document.id == document.doc_id)
        self._run.report.skipped.append(Skip(where, str(error)))

    def _count(self, documents: Sequence[DocumentRows]) -> None:
        report = self._run.report
        replaced = sum(document.doc_id in self._run.stored for document in documents)
        report.replaced += replaced
        report.added += len(documents) - replaced
        rows = [row for document in documents for row in document.rows]
        report.chunks += len(rows)
        report.windowed += sum(len(row.encoding.windows) > 1 for row in rows)

    def _record_finished(self) -> None:
        for source in self._finished:
            if source.clean and source.source not in self._refused:
                self._run.manifest.record(source.source, source.fingerprint, source.doc_ids)
        self._finished.clear()


def _document_rows(prepared: PreparedDocument, rows: Iterator[Row]) -> DocumentRows:
    return DocumentRows(
        doc_id=prepared.document.id,
        revision=prepared.revision,
        source=prepared.document.source,
        rows=tuple(next(rows) for _ in prepared.chunks),
    )
