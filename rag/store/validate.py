"""What the engine must never see: some of it kills the process, some is stored wrong.

Every check raises RowError with the document and the fault named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.errors import InputError, RowError
from rag.store.schema import COLLECTION_NAME, FIELD_NAME
from rag.store.sql import is_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import EncoderInfo
    from rag.store.base import CollectionSpec
    from rag.types import Chunk, DocumentRows, Encoding, FloatArray, SparseVector

# The engine counts the rows of a tensor in 16 bits.
MOST_TOKENS = 65_535


def check_spec(spec: CollectionSpec) -> None:
    """Raises: InputError for a name or field that cannot be used."""
    if not COLLECTION_NAME.fullmatch(spec.name):
        raise InputError(
            f"{spec.name!r} is no name for a collection; use up to 63 letters, digits, - and _, "
            "beginning with a letter."
        )
    for name in spec.fields:
        if not FIELD_NAME.fullmatch(name):
            raise InputError(
                f"{name!r} is no name for a field; use up to 48 lower-case letters, digits and _, "
                "beginning with a letter."
            )


def check_documents(documents: Sequence[DocumentRows], spec: CollectionSpec) -> None:
    """Raises: RowError for the first fault in any row, before anything is written."""
    seen: set[str] = set()
    for document in documents:
        if document.doc_id in seen:
            raise RowError(f"The document {document.doc_id!r} is twice in one write.")
        seen.add(document.doc_id)
        _check_document(document, spec)


def check_encoding(encoding: Encoding, encoder: EncoderInfo, where: str) -> None:
    """Raises: RowError when a vector does not fit the collection's columns."""
    _check_vector(encoding.dense, encoder.dense_dim, f"the dense vector of {where}")
    _check_tensor(encoding.tokens, encoder.token_dim, f"the token vectors of {where}")
    _check_sparse(encoding.sparse, encoder.sparse_dim, f"the sparse vector of {where}")


def _check_document(document: DocumentRows, spec: CollectionSpec) -> None:
    where = f"document {document.doc_id!r}"
    if not document.rows:
        raise RowError(f"The {where} has no rows.")
    for row in document.rows:
        if row.chunk.doc_id != document.doc_id:
            raise RowError(f"A row of {where} belongs to {row.chunk.doc_id!r}.")
        check_encoding(row.encoding, spec.encoder, f"{where}, chunk {row.chunk.position}")
        _check_text(row.chunk, where)
        _check_fields(row.chunk, spec, where)


def _check_vector(vector: FloatArray, width: int, what: str) -> None:
    if vector.dtype != np.float32 or vector.shape != (width,):
        raise RowError(f"{what} must be float32 [{width}], not {vector.dtype} {vector.shape}.")
    _check_finite(vector, what)


def _check_tensor(tokens: FloatArray, width: int, what: str) -> None:
    if tokens.dtype != np.float32 or tokens.ndim != 2 or tokens.shape[1] != width:
        raise RowError(f"{what} must be float32 [t, {width}], not {tokens.dtype} {tokens.shape}.")
    if len(tokens) > MOST_TOKENS:
        raise RowError(f"{what} are {len(tokens)}; the engine holds {MOST_TOKENS} in a row.")
    _check_finite(tokens, what)


def _check_sparse(sparse: SparseVector, width: int, what: str) -> None:
    indices, values = sparse.indices, sparse.values
    if indices.ndim != 1 or indices.shape != values.shape:
        raise RowError(f"{what} must have as many values as indices.")
    if indices.dtype != np.int64 or values.dtype != np.float32:
        raise RowError(f"{what} must be int64 and float32, not {indices.dtype}, {values.dtype}.")
    if len(indices) and not (indices[0] >= 0 and indices[-1] < width):
        raise RowError(f"{what} must have indices from 0 to {width - 1}.")
    if (np.diff(indices) <= 0).any():
        raise RowError(f"{what} must have ascending indices, each once.")
    _check_finite(values, what)


def _check_finite(values: FloatArray, what: str) -> None:
    if not np.isfinite(values).all():
        raise RowError(f"{what} must be finite; there is a NaN or an infinity in it.")


def _check_text(chunk: Chunk, where: str) -> None:
    for name in ("id", "doc_id", "title", "text"):
        value: str = getattr(chunk, name)
        if "\0" in value or not _is_utf8(value):
            raise RowError(f"The {name} of {where} has characters that are no text.")
    if not chunk.id or not chunk.doc_id:
        raise RowError(f"A row of {where} has no id.")


def _check_fields(chunk: Chunk, spec: CollectionSpec, where: str) -> None:
    for name, kind in spec.fields.items():
        value = chunk.metadata.get(name)
        if value is not None and not is_of(kind, value):
            raise RowError(
                f"The field {name} of {where} is {value!r}, which is not a {kind} value."
            )


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
