"""Rows with their vectors as the engine keeps them: read back, and written again unchanged.

In a `Row` of that form the tokens are what the column holds (of bits: zeros and ones), a row
without any has one zero row, and that of a document has its pieces, a dense vector for each,
and the token rows of each in `windows`. So a copy is exact, whatever the layout.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import RowError, StoreError
from rag.store.pieces import load_pieces
from rag.store.rows import stored_rows
from rag.store.schema import CHUNK_COLUMNS, DENSE, PIECES, SPARSE, TOKENS
from rag.store.sql import literal, one_of
from rag.store.validate import check_documents
from rag.types import DocumentRows, Encoding, Row, SparseVector, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.store.base import CollectionSpec, StoredDocument
    from rag.store.engine import AskWhere
    from rag.types import FloatArray

# The engine gives each number as an object of its own: 32 bytes, so 1.5 MB for 128 token
# vectors of width 384.
ROWS_A_READ = 64


def batches_to_read(documents: Iterable[StoredDocument]) -> Iterator[list[StoredDocument]]:
    """Documents of some `ROWS_A_READ` rows together; a longer one is alone."""
    batch: list[StoredDocument] = []
    rows = 0
    for document in documents:
        if batch and rows + document.rows > ROWS_A_READ:
            yield batch
            batch, rows = [], 0
        batch.append(document)
        rows += document.rows
    if batch:
        yield batch


def kept_documents(
    spec: CollectionSpec, batch: Sequence[StoredDocument], ask: AskWhere
) -> list[DocumentRows]:
    """The documents of a batch with their rows in order.

    Raises: StoreError when rows are missing: the document was changed since it was listed.
    """
    rows = [row for where in _conditions(batch) for row in _rows(spec, ask, where)]
    rows.sort(key=lambda row: (row.chunk.doc_id, row.chunk.position))
    found = {doc_id: tuple(own) for doc_id, own in groupby(rows, attrgetter("chunk.doc_id"))}
    for document in batch:
        if len(found.get(document.doc_id, ())) != document.rows:
            raise StoreError(
                f"The document {document.doc_id!r:.200} was changed while it was read; "
                "run the same command again."
            )
    return [DocumentRows(d.doc_id, d.revision, d.source, found[d.doc_id]) for d in batch]


def check_kept(documents: Sequence[DocumentRows], spec: CollectionSpec) -> None:
    """Refuse rows that were not kept by such a collection. Raises: RowError."""
    if spec.layout.tensor_storage is TensorStorage.BIT:
        _refuse_other_than_bits(documents)
    if spec.layout.unit is Unit.CHUNK:
        check_documents(documents, spec)
    else:
        check_documents([_apart(document) for document in documents], spec)


def _conditions(batch: Sequence[StoredDocument]) -> list[str]:
    """SQL conditions that select all rows of a batch, some `ROWS_A_READ` each."""
    where = one_of("doc_id", [document.doc_id for document in batch])
    if len(batch) > 1 or batch[0].rows <= ROWS_A_READ:
        return [where]
    starts = range(0, batch[0].rows, ROWS_A_READ)
    return [
        f"{where} and position >= {literal(start)} and position < {literal(start + ROWS_A_READ)}"
        for start in starts
    ]


def _rows(spec: CollectionSpec, ask: AskWhere, where: str) -> list[Row]:
    further = [PIECES] if spec.layout.unit is Unit.DOCUMENT else []
    output = [*CHUNK_COLUMNS, *further, DENSE, SPARSE, TOKENS]
    return [
        Row(
            chunk,
            _encoding(spec, row),
            tuple(load_pieces(row[PIECES], chunk)) if PIECES in row else (),
        )
        for chunk, row in stored_rows(ask(where, output, lambda builder: builder))
    ]


def _encoding(spec: CollectionSpec, row: Mapping[str, Any]) -> Encoding:
    storage = spec.layout.tensor_storage
    tensors = row[TOKENS] if spec.layout.unit is Unit.DOCUMENT else [row[TOKENS]]
    tokens = [_tensor(storage, tensor) for tensor in tensors]
    return Encoding(
        dense=np.asarray(row[DENSE], np.float32),
        sparse=_sparse(row[SPARSE], spec.encoder.sparse_dim),
        tokens=np.concatenate(tokens),
        token_count=0,  # nobody keeps it
        windows=tuple(map(len, tokens)),
    )


def _tensor(storage: TensorStorage, tensor: Any) -> FloatArray:
    if storage is not TensorStorage.BIT:
        return np.asarray(tensor, np.float32)
    return np.array([_bits(vector) for vector in tensor], np.float32)


def _bits(vector: Any) -> list[int]:
    """The embedded engine gives a vector of bits as a text of 0 and 1, in a list."""
    (digits,) = vector
    return [int(digit) for digit in digits]


def _sparse(terms: Mapping[Any, float], dim: int) -> SparseVector:
    """The index `dim` stands for a row without terms."""
    pairs = sorted((int(index), weight) for index, weight in terms.items() if int(index) < dim)
    indices = np.array([index for index, _ in pairs], np.int64)
    return SparseVector(indices, np.array([weight for _, weight in pairs], np.float32))


def _apart(document: DocumentRows) -> DocumentRows:
    """The document with a row for each piece, so that each can be checked."""
    rows = (part for row in document.rows for part in _pieces_apart(row))
    return replace(document, rows=tuple(rows))


def _pieces_apart(row: Row) -> Iterator[Row]:
    encoding, pieces = row.encoding, row.pieces
    dense, windows = encoding.dense, encoding.windows
    if not len(pieces) == len(dense) == len(windows) > 0 or sum(windows) != len(encoding.tokens):
        raise RowError(f"The row {row.chunk.id!r:.200} does not have vectors for each passage.")
    tensors = np.split(encoding.tokens, list(accumulate(windows))[:-1])
    chunks = (replace(pieces[0], text=row.chunk.text), *pieces[1:])  # so that all is checked
    for chunk, vector, tokens in zip(chunks, dense, tensors, strict=True):
        yield Row(chunk, replace(encoding, dense=vector, tokens=tokens, windows=()))


def _refuse_other_than_bits(documents: Iterable[DocumentRows]) -> None:
    for row in (row for document in documents for row in document.rows):
        if not np.isin(row.encoding.tokens, (0, 1)).all():
            raise RowError(f"The tokens of the row {row.chunk.id!r:.200} are not bits.")
