"""The chunks of a stored document, read back without their vectors."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rag.store.pieces import load_pieces
from rag.store.rows import stored_rows
from rag.store.schema import CHUNK_COLUMNS, PIECES
from rag.types import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import CollectionSpec
    from rag.types import Chunk


def chunk_output(spec: CollectionSpec) -> list[str]:
    """What a query must give for `stored_chunks`."""
    return [*CHUNK_COLUMNS, PIECES] if spec.layout.unit is Unit.DOCUMENT else [*CHUNK_COLUMNS]


def stored_chunks(spec: CollectionSpec, result: Mapping[str, list[Any]]) -> list[Chunk]:
    """The chunks in the rows of one document, in order; of a document's row, its pieces."""
    rows = sorted(stored_rows(result), key=lambda row: row[0].position)
    if spec.layout.unit is Unit.CHUNK:
        return [chunk for chunk, _ in rows]
    pieces = (piece for whole, row in rows for piece in load_pieces(row[PIECES], whole))
    return sorted(pieces, key=attrgetter("position"))
