"""From rows to the engine's values, and back to chunks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic_core import from_json

from rag.store.base import Hit
from rag.store.fields import KINDS
from rag.store.pieces import dump_pieces
from rag.store.schema import CHUNK_COLUMNS, DENSE, FULLTEXT, PIECES, SPARSE, TOKENS, field_column
from rag.store.tensors import stored_tokens
from rag.store.text_query import index_text
from rag.store.visibility import VIEWED
from rag.types import Chunk, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import CollectionSpec
    from rag.types import FloatArray, Layout, Row, SparseVector

# What a query must give for `hits` and for `scored_ids`, followed by the score to read.
CHUNK_OUTPUT = [*CHUNK_COLUMNS]
ID_OUTPUT = ["id", *VIEWED]


def engine_row(
    spec: CollectionSpec, row: Row, generation: int, *, kept: bool = False
) -> dict[str, Any]:
    """A row as the SDK takes it; `kept`: its tokens are as they were read back.

    Arrays stay arrays: the SDK turns each into Python floats when its turn comes, which
    keeps few of these large lists alive at once and is twice as fast as doing it here.
    """
    chunk, encoding = row.chunk, row.encoding
    return {
        "id": chunk.id,
        "doc_id": chunk.doc_id,
        "title": chunk.title,
        "text": chunk.text,
        "position": chunk.position,
        "start_offset": chunk.start,
        "end_offset": chunk.end,
        "metadata": json.dumps(dict(chunk.metadata), ensure_ascii=False),
        "generation": generation,
        **_field_values(spec, chunk),
        FULLTEXT: index_text(chunk.title, chunk.text),
        DENSE: encoding.dense,
        SPARSE: _sparse(encoding.sparse, spec.encoder.sparse_dim),
        **_unit_values(spec.layout, row, kept),
    }


def hits(result: Mapping[str, list[Any]]) -> list[Hit]:
    """The hits of a query for `CHUNK_OUTPUT`, best first, each id once."""
    return [Hit(_chunk(row), score) for row, score in _newest(result)]


def scored_ids(result: Mapping[str, list[Any]]) -> list[tuple[str, float]]:
    """(id, score) of a query for `ID_OUTPUT`, best first, each id once."""
    return [(row["id"], score) for row, score in _newest(result)]


def stored_rows(result: Mapping[str, list[Any]]) -> list[tuple[Chunk, dict[str, Any]]]:
    """The rows of a query for `CHUNK_OUTPUT` and more, as chunks and as they are, each id once."""
    return [(_chunk(row), row) for row in _newest_rows(result)]


def _newest(result: Mapping[str, list[Any]]) -> list[tuple[dict[str, Any], float]]:
    """The rows that are of their id's newest generation, each with its score."""
    *_, score = result  # the last output
    return [(row, row[score]) for row in _newest_rows(result)]


def _newest_rows(result: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    rows = [dict(zip(result, values, strict=True)) for values in zip(*result.values(), strict=True)]
    newest: dict[str, int] = {}
    for row in rows:
        newest[row["id"]] = max(row["generation"], newest.get(row["id"], 0))
    return [row for row in rows if row["generation"] == newest[row["id"]]]


def _chunk(row: Mapping[str, Any]) -> Chunk:
    return Chunk(
        id=row["id"],
        doc_id=row["doc_id"],
        title=row["title"],
        text=row["text"],
        position=row["position"],
        start=row["start_offset"],
        end=row["end_offset"],
        metadata=from_json(row["metadata"]),
    )


def _field_values(spec: CollectionSpec, chunk: Chunk) -> dict[str, Any]:
    values = {}
    for name, kind in spec.fields.items():
        given = chunk.metadata.get(name)
        stored = KINDS[kind].missing if given is None else KINDS[kind].store(given)
        values[field_column(spec, name)] = stored
    return values


def _sparse(vector: SparseVector, dim: int) -> dict[int, float]:
    """The engine cannot hold an empty vector: that is one weight on an index of its own."""
    if not len(vector.indices):
        return {dim: 1.0}
    return dict(zip(vector.indices.tolist(), vector.values.tolist(), strict=True))


def _unit_values(layout: Layout, row: Row, kept: bool) -> dict[str, Any]:
    """What is kept in another form when a row is a document."""
    tokens = row.encoding.tokens
    if layout.unit is Unit.CHUNK:
        return {TOKENS: _flat(layout, _tensor(layout, tokens, kept))}
    borders = np.cumsum(row.encoding.windows)[:-1]
    tensors = [_tensor(layout, window, kept) for window in np.split(tokens, borders)]
    return {PIECES: dump_pieces(row.pieces), TOKENS: tensors}


def _flat(layout: Layout, tensor: FloatArray) -> npt.NDArray[Any]:
    """A tensor row after row, bits as integers: the engine makes the same of it, and the SDK
    has a quarter less to do than for a list of lists of floats."""
    flat = tensor.reshape(-1)
    return flat.astype(np.uint8) if layout.tensor_storage is TensorStorage.BIT else flat


def _tensor(layout: Layout, tokens: FloatArray, kept: bool) -> FloatArray:
    """The engine cannot hold an empty tensor: that is one zero row.

    Its MaxSim is 0, or near 0 where bits are kept; a passage that matches scores above
    that, so such a row never outranks one.
    """
    some = tokens if len(tokens) else np.zeros((1, tokens.shape[1]), np.float32)
    return some if kept else stored_tokens(layout, some)
