"""From rows to the engine's values, and back to chunks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.store.base import Hit
from rag.store.fields import KINDS
from rag.store.schema import CHUNK_COLUMNS, DENSE, FULLTEXT, SPARSE, TOKENS, field_column
from rag.store.text_query import index_text
from rag.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.store.base import CollectionSpec
    from rag.types import FloatArray, Row, SparseVector

OUTPUT = [*CHUNK_COLUMNS, "_score"]


def engine_row(spec: CollectionSpec, row: Row, generation: int) -> dict[str, Any]:
    """A row as the SDK takes it.

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
        TOKENS: _tokens(encoding.tokens),
    }


def hits(result: Mapping[str, list[Any]]) -> list[Hit]:
    """The hits of a query for `OUTPUT`, best first, each id once in its newest generation."""
    rows = list(_rows(result))
    newest: dict[str, int] = {}
    for row in rows:
        newest[row["id"]] = max(row["generation"], newest.get(row["id"], 0))
    return [
        Hit(_chunk(row), row["SCORE"]) for row in rows if row["generation"] == newest[row["id"]]
    ]


def _rows(result: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*result.values(), strict=True):
        yield dict(zip(result, values, strict=True))


def _chunk(row: Mapping[str, Any]) -> Chunk:
    return Chunk(
        id=row["id"],
        doc_id=row["doc_id"],
        title=row["title"],
        text=row["text"],
        position=row["position"],
        start=row["start_offset"],
        end=row["end_offset"],
        metadata=json.loads(row["metadata"]),
    )


def _field_values(spec: CollectionSpec, chunk: Chunk) -> dict[str, Any]:
    values = {}
    for name, kind in spec.fields.items():
        given = chunk.metadata.get(name)
        stored = KINDS[kind].missing if given is None else KINDS[kind].store(given)
        values[field_column(spec, name)] = stored
    return values


def _sparse(vector: SparseVector, dim: int) -> Any:
    """The engine cannot hold an empty vector: that is one weight on an index of its own."""
    from infinity_embedded.common import SparseVector as EngineVector

    if not len(vector.indices):
        return EngineVector([dim], [1.0])
    return EngineVector(vector.indices.tolist(), vector.values.tolist())


def _tokens(tokens: FloatArray) -> FloatArray:
    """The engine cannot hold an empty tensor: that is one zero row, whose MaxSim is 0.

    A passage that matches scores above 0, so such a row never outranks one.
    """
    return tokens if len(tokens) else np.zeros((1, tokens.shape[1]), np.float32)
