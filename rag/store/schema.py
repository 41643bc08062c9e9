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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import CollectionSpec

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


def check_spec(spec: CollectionSpec) -> None:
    """Refuse names that cannot be used. Raises: InputError."""
    _check_name("collection", spec.name)
    for name in spec.fields:
        _check_name("field", name)
        if name in BUILT_IN_FIELDS:
            raise InputError(f"The field {name} exists in every collection; do not declare it.")


def table_name(uid: str) -> str:
    """The engine's name for the table of a collection."""
    return f"collection_{uid}"


def columns(spec: CollectionSpec) -> dict[str, str]:
    """Each column's engine type, in table order.

    The sparse column has one index more than the encoder: the place of rows without any
    term (`rag.store.rows`), which no question can hold.
    """
    encoder = spec.encoder
    declared = {
        field_column(spec, name): KINDS[kind].column_type for name, kind in spec.fields.items()
    }
    return {
        **CHUNK_COLUMNS,
        **declared,
        FULLTEXT: "varchar",
        DENSE: f"vector,{encoder.dense_dim},float",
        SPARSE: f"sparse,{encoder.sparse_dim + 1},float,int",
        TOKENS: f"tensor,{encoder.token_dim},float",
    }


def indexes(spec: CollectionSpec) -> tuple[Index, ...]:
    """The indexes of a collection's table.

    Dense rows have unit length, so the inner product is their cosine.
    """
    filtered = ("doc_id", *(field_column(spec, name) for name in spec.fields))
    return (
        Index(DENSE, "Hnsw", {"M": "16", "ef_construction": "200", "metric": "ip"}),
        Index(SPARSE, "BMP", {"block_size": "8", "compress_type": "compress"}),
        Index(FULLTEXT, "FullText", {"ANALYZER": "standard"}),
        *(Index(column, "Secondary") for column in filtered),
    )


def field_column(spec: CollectionSpec, name: str) -> str:
    """The column of a declared field."""
    return f"field_{list(spec.fields).index(name)}"


def filterable(spec: CollectionSpec) -> dict[str, tuple[str, FieldType]]:
    """Column and type of each field that a filter may name."""
    built_in = {name: (name, kind) for name, kind in BUILT_IN_FIELDS.items()}
    declared = {name: (field_column(spec, name), kind) for name, kind in spec.fields.items()}
    return built_in | declared


def create_table(database: Any, uid: str, spec: CollectionSpec) -> None:
    """Make the empty table with all its indexes; a table left by a crash is replaced."""
    from infinity_embedded.common import ConflictType
    from infinity_embedded.index import IndexInfo, IndexType

    definition = {name: {"type": kind} for name, kind in columns(spec).items()}
    table = database.create_table(table_name(uid), definition, ConflictType.Error)
    for index in indexes(spec):
        info = IndexInfo(index.column, IndexType[index.kind], dict(index.options))
        table.create_index(index.name, info, ConflictType.Error)


def _check_name(what: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of a {what}: use 1 to 63 letters, digits, - and _, "
            "beginning with a letter."
        )
