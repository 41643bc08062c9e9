"""What the engine must never see is refused here.

Some of it kills the process (an empty tensor), some goes in silently and is scored
wrong for ever (NaN, a question of another width).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import CollectionMismatchError, InputError, RowError
from rag.store.fields import KINDS, checked_text
from rag.store.words import WORDS_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy.typing as npt

    from rag.encoders.base import EncoderInfo
    from rag.store.base import CollectionSpec, FieldType, HybridQuery
    from rag.types import Chunk, DocumentRows, Encoding, MetadataValue, Row, SparseVector

MAX_TOKEN_ROWS = 65_535
MAX_CANDIDATES = 65_536


def check_documents(documents: Sequence[DocumentRows], spec: CollectionSpec) -> None:
    """Refuse documents that cannot be stored. Raises: RowError naming document and fault."""
    _refuse_repeats("document", [document.doc_id for document in documents])
    for document in documents:
        try:
            _check_document(spec, document)
        except ValueError as error:
            raise RowError(
                f"The document {document.doc_id!r:.200} cannot be stored: {error}."
            ) from error
    _refuse_repeats("chunk", [row.chunk.id for document in documents for row in document.rows])


def check_query(query: HybridQuery, encoder: EncoderInfo) -> None:
    """Refuse a question that the engine would score wrong. Raises: InputError."""
    try:
        _check_encoding(query.encoding, encoder)
        _check_count("candidates", query.candidates)
        _check_count("top_k", query.top_k)
        _check_count("ef", query.ef)
        _check_count("rank_constant", query.rank_constant)
    except ValueError as error:
        raise InputError(f"The question cannot be searched: {error}.") from error


def check_words(spec: CollectionSpec) -> None:
    """Refuse a collection whose words were cut by other rules. Raises: CollectionMismatchError."""
    if spec.words != WORDS_VERSION:
        raise CollectionMismatchError(
            f"The words of the collection {spec.name} were cut by version {spec.words} of the "
            f"rules, not by {WORDS_VERSION} as now; run `trident collections rebuild {spec.name}`."
        )


def check_encoding(encoding: Encoding, encoder: EncoderInfo, what: str) -> None:
    """Refuse vectors that do not fit the collection's columns. Raises: RowError."""
    try:
        _check_encoding(encoding, encoder)
    except ValueError as error:
        raise RowError(f"The vectors of {what} cannot be stored: {error}.") from error


def _check_encoding(encoding: Encoding, encoder: EncoderInfo) -> None:
    _check_floats("dense", encoding.dense, (encoder.dense_dim,))
    _check_floats("tokens", encoding.tokens, (len(encoding.tokens), encoder.token_dim))
    if len(encoding.tokens) > MAX_TOKEN_ROWS:
        raise ValueError(f"tokens has {len(encoding.tokens)} rows, more than {MAX_TOKEN_ROWS}")
    _check_sparse(encoding.sparse, encoder.sparse_dim)


def _check_document(spec: CollectionSpec, document: DocumentRows) -> None:
    for text in (document.doc_id, document.revision, document.source):
        checked_text(text)
    if not document.doc_id:
        raise ValueError("its id is empty")
    for row in document.rows:
        _check_row(spec, document.doc_id, row)


def _check_row(spec: CollectionSpec, doc_id: str, row: Row) -> None:
    chunk = row.chunk
    if chunk.doc_id != doc_id:
        raise ValueError(f"the chunk {chunk.id} belongs to {chunk.doc_id}")
    try:
        _check_chunk(chunk)
        _check_metadata(spec.fields, chunk.metadata)
        _check_encoding(row.encoding, spec.encoder)
    except ValueError as error:
        raise ValueError(f"chunk {chunk.position}: {error}") from error


def _check_chunk(chunk: Chunk) -> None:
    for text in (chunk.id, chunk.title, chunk.text):
        checked_text(text)
    if not chunk.id:
        raise ValueError("its id is empty")
    for name, number in (("position", chunk.position), ("start", chunk.start), ("end", chunk.end)):
        if not isinstance(number, int) or not 0 <= number < 2**63:
            raise ValueError(f"{name} is {number!r}, not an integer from 0")


def _check_metadata(fields: Mapping[str, FieldType], metadata: Mapping[str, MetadataValue]) -> None:
    for name, value in metadata.items():
        checked_text(name)
        try:
            _check_value(value)
            if name in fields:
                KINDS[fields[name]].store(value)
        except ValueError as error:
            raise ValueError(f"metadata {name}: {error}") from error


def _check_value(value: object) -> None:
    if isinstance(value, str | list):
        for text in [value] if isinstance(value, str) else value:
            checked_text(text)
    elif not isinstance(value, bool | int | float):
        raise ValueError(f"{value!r:.80} is not text, a number, true, false or a list of texts")
    elif isinstance(value, float) and not np.isfinite(value):
        raise ValueError(f"{value} is not a finite number")


def _check_floats(name: str, values: npt.NDArray[Any], shape: tuple[int, ...]) -> None:
    if values.dtype != np.float32:
        raise ValueError(f"{name} is {values.dtype}, not float32")
    if values.shape != shape:
        raise ValueError(f"{name} has the shape {values.shape}, not {shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"{name} holds NaN or infinity")


def _check_sparse(sparse: SparseVector, dim: int) -> None:
    indices = sparse.indices
    if not np.issubdtype(indices.dtype, np.integer) or indices.ndim != 1:
        raise ValueError("the indices of sparse are not a list of integers")
    _check_floats("sparse", sparse.values, indices.shape)
    if not len(indices):
        return
    if indices[0] < 0 or indices[-1] >= dim:
        raise ValueError(f"sparse has an index outside 0 to {dim - 1}")
    if (np.diff(indices) <= 0).any():
        raise ValueError("the indices of sparse are not ascending and unique")
    if (sparse.values <= 0).any():
        raise ValueError("sparse has a weight that is not positive")


def _check_count(name: str, value: int) -> None:
    if not 1 <= value <= MAX_CANDIDATES:
        raise ValueError(f"{name} is {value}, not from 1 to {MAX_CANDIDATES}")


def _refuse_repeats(what: str, ids: Sequence[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    repeated = Counter(ids).most_common(1)[0][0]
    raise RowError(f"The {what} {repeated!r:.200} is given twice in one write; give it once.")
