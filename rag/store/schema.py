"""The table behind a collection: names, columns and indexes.

Columns of declared fields are numbered (`field_0`, …) since the engine ignores case and
reserves words; for the same reason a table is named by the collection's uid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rag.errors import InputError
from rag.store.base import FieldType
from rag.store.fields import KINDS
from rag.types import MOST_POOLING, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import CollectionSpec
    from rag.store.sdk import Sdk

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,62}")
# What can be filtered on in every collection.
BUILT_IN_FIELDS: Mapping[str, FieldType] = {
    "id": FieldType.STRING,
    "doc_id": FieldType.STRING,
    "title": FieldType.STRING,
    "position": FieldType.INTEGER,
}
CHUNK_COLUMNS: Mapping[str, str] = {
    "id": "varchar",
    "doc_id": "varchar",
    "title": "varchar",
    "text": "varchar",
    "position": "int64",
    "start_offset": "int64",
    "end_offset": "int64",
    "metadata": "varchar",
    "generation": "int64",
}
# Of a document's row: the chunks that it was made from, for `rag.store.pieces`.
PIECES = "pieces"
TABLE_PREFIX = "collection_"
BITS_A_BYTE = 8
DENSE, SPARSE, FULLTEXT, TOKENS = "dense", "sparse", "fulltext", "tokens"


@dataclass(frozen=True, slots=True)
class Index:
    """An index to build: `kind` is a member of the SDK's `IndexType`."""

    column: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Unique within the table."""
        return f"index_{self.column}"


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """Engine types of the vector columns by what a row is, and the columns only it has.

    A multivector is scored by its best vector, a tensorarray by its best tensor.
    """

    dense: str
    tokens: str
    further: Mapping[str, str] = field(default_factory=dict)


UNIT_COLUMNS: Mapping[Unit, UnitColumns] = {
    Unit.CHUNK: UnitColumns("vector", "tensor"),
    Unit.DOCUMENT: UnitColumns("multivector", "tensorarray", {PIECES: "varchar"}),
}


def check_spec(spec: CollectionSpec) -> None:
    """Refuse what cannot be stored. Raises: InputError."""
    _check_layout(spec)
    check_name("collection", spec.name)
    for name in spec.fields:
        check_name("field", name)
        if name in BUILT_IN_FIELDS:
            raise InputError(f"The field {name} exists in every collection; do not declare it.")


def check_name(what: str, name: str) -> None:
    """Refuse what cannot be the name of a collection or a field. Raises: InputError."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of a {what}: use 1 to 63 letters, digits, - and _, "
            "beginning with a letter."
        )


def table_name(uid: str) -> str:
    """The engine's name for the table of a collection."""
    return f"{TABLE_PREFIX}{uid}"


def columns(spec: CollectionSpec) -> dict[str, str]:
    """Each column's engine type, in table order.

    The sparse column has one index more than the encoder: the place of rows without any
    term (`rag.store.rows`), which no question can hold.
    """
    encoder, layout = spec.encoder, spec.layout
    kinds = UNIT_COLUMNS[layout.unit]
    declared = {
        field_column(spec, name): KINDS[kind].column_type for name, kind in spec.fields.items()
    }
    return {
        **CHUNK_COLUMNS,
        **declared,
        FULLTEXT: "varchar",
        **kinds.further,
        DENSE: f"{kinds.dense},{encoder.dense_dim},float",
        SPARSE: f"sparse,{encoder.sparse_dim + 1},float,int",
        TOKENS: f"{kinds.tokens},{encoder.token_dim},{layout.tensor_storage}",
    }


def indexes(spec: CollectionSpec) -> tuple[Index, ...]:
    """The indexes of a collection's table.

    Dense rows have unit length, so the inner product is their cosine.
    """
    filtered = (
        field_column(spec, name) for name, kind in spec.fields.items() if KINDS[kind].indexed
    )
    return (
        Index(DENSE, "Hnsw", {"M": "16", "ef_construction": "200", "metric": "ip"}),
        Index(SPARSE, "BMP", {"block_size": "8", "compress_type": "compress"}),
        Index(FULLTEXT, "FullText", {"ANALYZER": "standard"}),
        *(Index(column, "Secondary") for column in ("doc_id", *filtered)),
    )


def field_column(spec: CollectionSpec, name: str) -> str:
    """The column of a declared field."""
    return f"field_{list(spec.fields).index(name)}"


def filterable(spec: CollectionSpec) -> dict[str, tuple[str, FieldType]]:
    """Column and type of each field that a filter may name."""
    built_in = {name: (name, kind) for name, kind in BUILT_IN_FIELDS.items()}
    declared = {name: (field_column(spec, name), kind) for name, kind in spec.fields.items()}
    return built_in | declared


def create_table(database: Any, sdk: Sdk, uid: str, spec: CollectionSpec) -> None:
    """Make the empty table with all its indexes."""
    definition = {name: {"type": kind} for name, kind in columns(spec).items()}
    table = database.create_table(table_name(uid), definition, sdk.conflict_type.Error)
    for index in indexes(spec):
        info = sdk.index_info(index.column, sdk.index_type[index.kind], dict(index.options))
        table.create_index(index.name, info, sdk.conflict_type.Error)


def _check_layout(spec: CollectionSpec) -> None:
    if not 1 <= spec.layout.token_pooling <= MOST_POOLING:
        raise InputError(
            f"token_pooling is {spec.layout.token_pooling}; choose 1 (none) to {MOST_POOLING}."
        )
    width = spec.encoder.token_dim
    if spec.layout.tensor_storage is TensorStorage.BIT and width % BITS_A_BYTE:
        raise InputError(
            f"Token vectors of width {width} cannot be kept as bits: it is no multiple of "
            f"{BITS_A_BYTE}; choose float or float16."
        )
