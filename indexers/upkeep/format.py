"""The Parquet form of a collection, version 1: a row is a row of its table.

| column | type | |
|---|---|---|
| `doc_id`, `revision`, `source` | string | of the document; its rows are neighbours, in order |
| `id`, `title`, `text` | string | of the row |
| `position`, `start`, `end` | int64 | offsets in characters of the document |
| `metadata` | string | a JSON object |
| `pieces` | string | of a document's row: a JSON list of [id, position, start, end, place] |
| `dense` | list of float | one vector after the other, each `dense_dim` wide |
| `sparse_indices`, `sparse_values` | list of int32, of float | ascending |
| `tokens` | list of float or halffloat, or binary | one vector after the other, `token_dim` wide |
| `windows` | list of int32 | token vectors of each window |

The place of a piece is an object with its `section` and `page`. Bits are packed, eight to a byte,
the first the highest. The file's metadata hold under the key `trident` a JSON object: `version`,
`documents`, `rows`, and `spec`, in which are the encoder's models with their hashes, the widths,
the declared fields and the layout.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rag.errors import InputError
from rag.store.pieces import dump_pieces, load_pieces
from rag.store.spec_json import dump_spec, load_spec
from rag.types import Chunk, DocumentRows, Encoding, Row, SparseVector, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rag.store.base import CollectionInfo, CollectionSpec
    from rag.types import FloatArray

VERSION = 1
KEY = b"trident"
TEXTS = ("doc_id", "revision", "source", "id", "title", "text", "metadata", "pieces")
NUMBERS = ("position", "start", "end")
TOKEN_TYPES: Mapping[TensorStorage, Any] = {
    TensorStorage.FLOAT: pa.list_(pa.float32()),
    TensorStorage.FLOAT16: pa.list_(pa.float16()),
    TensorStorage.BIT: pa.binary(),
}


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its collection."""

    spec: CollectionSpec
    documents: int
    rows: int

    @classmethod
    def of(cls, info: CollectionInfo) -> Header:
        """The header of a collection's file."""
        return cls(info.spec, info.documents, info.rows)

    @classmethod
    def read(cls, schema: Any, path: Path) -> Header:
        """The header in a file's schema. Raises: InputError when it is of another kind."""
        try:
            held = json.loads((schema.metadata or {})[KEY])
            version = held["version"]
        except (KeyError, ValueError, TypeError) as error:
            raise InputError(
                f"{path} is no exported collection; make one with `trident collections export`."
            ) from error
        if version != VERSION:
            raise InputError(
                f"{path} has version {version} of the format, not {VERSION}; "
                "export it again with this version of Trident."
            )
        return cls._checked(held, schema, path)

    @classmethod
    def _checked(cls, held: Mapping[str, Any], schema: Any, path: Path) -> Header:
        try:
            header = cls(load_spec(held["spec"]), int(held["documents"]), int(held["rows"]))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InputError(f"The header of {path} is damaged; export it again.") from error
        if not schema.equals(header.schema()):
            raise InputError(f"The columns of {path} are not those of its header; export it again.")
        return header

    def schema(self) -> Any:
        """The Arrow schema of the file."""
        fields = [
            *((name, pa.string()) for name in TEXTS),
            *((name, pa.int64()) for name in NUMBERS),
            ("dense", pa.list_(pa.float32())),
            ("sparse_indices", pa.list_(pa.int32())),
            ("sparse_values", pa.list_(pa.float32())),
            ("tokens", TOKEN_TYPES[self.spec.layout.tensor_storage]),
            ("windows", pa.list_(pa.int32())),
        ]
        held = {
            "version": VERSION,
            "spec": dump_spec(self.spec),
            "documents": self.documents,
            "rows": self.rows,
        }
        return pa.schema(fields, {KEY: json.dumps(held).encode()})


def to_batch(header: Header, documents: Iterable[DocumentRows]) -> Any:
    """Documents as an Arrow record batch."""
    values = [_values(header.spec, doc, row) for doc in documents for row in doc.rows]
    return pa.RecordBatch.from_pylist(values, header.schema())


def from_batch(header: Header, batch: Any) -> list[tuple[DocumentRows, Row]]:
    """The rows of a record batch, each with its document, which is given without rows.

    Raises: ValueError, TypeError, AttributeError for values that are not of the format.
    """
    columns = [batch.column(name) for name in batch.schema.names]
    empty = [name for name in batch.schema.names if batch.column(name).null_count]
    if empty:
        raise ValueError(f"{empty[0]} is empty in a row")
    return [
        _row(header.spec, {c: v[i] for c, v in zip(batch.schema.names, columns, strict=True)})
        for i in range(batch.num_rows)
    ]


def _values(spec: CollectionSpec, document: DocumentRows, row: Row) -> dict[str, Any]:
    chunk, encoding = row.chunk, row.encoding
    return {
        "doc_id": document.doc_id,
        "revision": document.revision,
        "source": document.source,
        "id": chunk.id,
        "title": chunk.title,
        "text": chunk.text,
        "metadata": json.dumps(dict(chunk.metadata), ensure_ascii=False),
        "pieces": dump_pieces(row.pieces),
        "position": chunk.position,
        "start": chunk.start,
        "end": chunk.end,
        "dense": encoding.dense.ravel(),
        "sparse_indices": encoding.sparse.indices.astype(np.int32),
        "sparse_values": encoding.sparse.values,
        "tokens": _packed(spec, encoding.tokens),
        "windows": np.asarray(encoding.windows, np.int32),
    }


def _packed(spec: CollectionSpec, tokens: FloatArray) -> Any:
    storage = spec.layout.tensor_storage
    if storage is TensorStorage.BIT:
        return np.packbits(tokens.astype(np.uint8)).tobytes()
    return tokens.ravel().astype(np.float16) if storage is TensorStorage.FLOAT16 else tokens.ravel()


def _row(spec: CollectionSpec, cells: Mapping[str, Any]) -> tuple[DocumentRows, Row]:
    texts = {name: cells[name].as_py() for name in (*TEXTS, *NUMBERS)}
    chunk = Chunk(
        id=texts["id"],
        doc_id=texts["doc_id"],
        title=texts["title"],
        text=texts["text"],
        position=texts["position"],
        start=texts["start"],
        end=texts["end"],
        metadata=json.loads(texts["metadata"]),
    )
    document = DocumentRows(texts["doc_id"], texts["revision"], texts["source"], ())
    pieces = tuple(load_pieces(texts["pieces"], chunk))
    return document, Row(chunk, _encoding(spec, cells), pieces)


def _encoding(spec: CollectionSpec, cells: Mapping[str, Any]) -> Encoding:
    dense = _array(cells["dense"], np.float32)
    if spec.layout.unit is Unit.DOCUMENT:
        dense = dense.reshape(-1, spec.encoder.dense_dim)
    sparse = SparseVector(
        _array(cells["sparse_indices"], np.int64), _array(cells["sparse_values"], np.float32)
    )
    windows = tuple(_array(cells["windows"], np.int64).tolist())
    return Encoding(dense, sparse, _unpacked(spec, cells["tokens"]), 0, windows=windows)


def _unpacked(spec: CollectionSpec, cell: Any) -> FloatArray:
    if spec.layout.tensor_storage is TensorStorage.BIT:
        flat = np.unpackbits(np.frombuffer(cell.as_py(), np.uint8)).astype(np.float32)
    else:
        flat = _array(cell, np.float32)
    return flat.reshape(-1, spec.encoder.token_dim)


def _array(cell: Any, dtype: Any) -> Any:
    return cell.values.to_numpy(zero_copy_only=False).astype(dtype)
