"""The columns and indexes of a collection's table, and how rows become the engine's values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rag.store.base import FieldType
from rag.store.sql import MISSING, Column
from rag.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import CollectionSpec
    from rag.types import FloatArray, Row, SparseVector

# A word of every row's full text: a search for it tells how far the asynchronous index is.
MARKER = "tridentrow"
COLLECTION_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
FIELD_PREFIX = "f_"
# A term that no text has: the padding or start token in the vocabularies of BERT and XLM-R.
UNUSED_TERM = 0
TINY = 1e-6
ENGINE_TYPES = {
    FieldType.STRING: "varchar",
    FieldType.INTEGER: "int64",
    FieldType.FLOAT: "float64",
    FieldType.BOOLEAN: "int64",  # 0, 1, or the mark of a missing value
}
CHUNK_COLUMNS = (
    "id", "doc_id", "title", "text", "position", "start_offset", "end_offset", "metadata",
    "generation",
)  # fmt: skip
BUILT_IN_FIELDS: Mapping[str, FieldType] = {
    "id": FieldType.STRING,
    "doc_id": FieldType.STRING,
    "title": FieldType.STRING,
    "position": FieldType.INTEGER,
}


def fields_of(spec: CollectionSpec) -> dict[str, Column]:
    """Every field that a filter may name, with its column."""
    declared = {n: Column(FIELD_PREFIX + n, kind) for n, kind in spec.fields.items()}
    return {**{n: Column(n, kind) for n, kind in BUILT_IN_FIELDS.items()}, **declared}


def columns(spec: CollectionSpec) -> dict[str, dict[str, str]]:
    """The table's definition in the SDK's terms."""
    encoder = spec.encoder
    types = {
        "id": "varchar",
        "doc_id": "varchar",
        "title": "varchar",
        "text": "varchar",
        "position": "int64",
        "start_offset": "int64",
        "end_offset": "int64",
        "metadata": "varchar",
        "generation": "int64",
        **{FIELD_PREFIX + name: ENGINE_TYPES[kind] for name, kind in spec.fields.items()},
        "fulltext": "varchar",
        "dense": f"vector,{encoder.dense_dim},float",
        "sparse": f"sparse,{encoder.sparse_dim},float,int",
        "tokens": f"tensor,{encoder.token_dim},float",
    }
    return {name: {"type": kind} for name, kind in types.items()}


def to_engine(row: Row, generation: int, spec: CollectionSpec) -> dict[str, Any]:
    """One row as the SDK's insert takes it; floats are Python floats, as it demands."""
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
        **_field_values(chunk, spec),
        "fulltext": f"{chunk.title}\n{chunk.text}\n{MARKER}",
        "dense": encoding.dense.tolist(),
        "sparse": sparse_value(encoding.sparse),
        "tokens": tensor_value(encoding.tokens, spec.encoder.token_dim),
    }


def from_engine(row: Mapping[str, Any]) -> Chunk:
    """The chunk of a row that the engine returned."""
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


def _field_values(chunk: Chunk, spec: CollectionSpec) -> dict[str, Any]:
    """The declared fields of a chunk; absent ones hold the mark of absence."""
    return {
        FIELD_PREFIX + name: _plain(chunk.metadata.get(name, MISSING[kind]), kind)
        for name, kind in spec.fields.items()
    }


def _plain(value: Any, kind: FieldType) -> Any:
    if kind is FieldType.FLOAT:
        return float(value)
    return int(value) if kind is FieldType.BOOLEAN else value


def sparse_value(sparse: SparseVector) -> dict[int, float]:
    """Index → weight. The engine holds no empty vector: one weight of nothing stands for it."""
    if not len(sparse.indices):
        return {UNUSED_TERM: TINY}
    return dict(zip(sparse.indices.tolist(), sparse.values.tolist(), strict=True))


def tensor_value(tokens: FloatArray, width: int) -> list[list[float]]:
    """Rows of floats. The engine holds no empty tensor: a zero row matches nothing."""
    rows: list[list[float]] = tokens.tolist() if len(tokens) else [[0.0] * width]
    return rows
