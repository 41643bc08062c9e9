"""The chunks inside a document's row: where they lie, and which fit a question best.

Which passage of a document matched is told by the dense vectors of its chunks, which are
read back for the documents that are shown. Token vectors would tell it more exactly, but
reading them back takes a hundred times as long.
"""

from __future__ import annotations

import json
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from rag.store.schema import DENSE, PIECES
from rag.types import PAGE, SECTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.store.base import Hit
    from rag.types import Chunk, FloatArray, MetadataValue

    Metadata: TypeAlias = Mapping[str, MetadataValue]

PLACE = (SECTION, PAGE)
PIECE_OUTPUT = ["id", "doc_id", "generation", "text", "start_offset", PIECES, DENSE]


def dump_pieces(pieces: Iterable[Chunk]) -> str:
    """Ids, offsets, section and page of chunks; the rest is in the document's row."""
    return json.dumps(
        [[piece.id, piece.position, piece.start, piece.end, _place(piece)] for piece in pieces]
    )


def load_pieces(text: str, whole: Chunk) -> list[Chunk]:
    """The chunks of a document's row. The inverse of `dump_pieces`.

    Rows of a time that did not keep places have those of the whole.
    """
    return [
        replace(
            whole,
            id=id_,
            position=position,
            start=start,
            end=end,
            text=whole.text[start - whole.start : end - whole.start],
            metadata=_placed(whole.metadata, *place),
        )
        for id_, position, start, end, *place in json.loads(text)
    ]


def _place(chunk: Chunk) -> Metadata:
    return {name: chunk.metadata[name] for name in PLACE if name in chunk.metadata}


def _placed(metadata: Metadata, place: Metadata | None = None) -> Metadata:
    """The metadata of a document with the place of one of its chunks."""
    if place is None:
        return metadata
    common = {name: value for name, value in metadata.items() if name not in PLACE}
    return {**common, **place}


def located(
    result: Mapping[str, list[Any]], hits: Sequence[Hit], question: FloatArray, count: int
) -> list[Hit]:
    """Hits of documents' rows with the `count` chunks closest to the dense question [d].

    `result` is of a query for `PIECE_OUTPUT`. A row that another client of a server took away
    since it was found stays as it is.
    """
    newest: dict[str, dict[str, Any]] = {}
    columns = [result[name] for name in PIECE_OUTPUT]
    rows = (dict(zip(PIECE_OUTPUT, values, strict=True)) for values in zip(*columns, strict=True))
    for row in sorted(rows, key=itemgetter("generation")):
        newest[row["id"]] = row
    return [_located(hit, newest.get(hit.chunk.id), question, count) for hit in hits]


def _located(hit: Hit, row: Mapping[str, Any] | None, question: FloatArray, count: int) -> Hit:
    if row is None:
        return hit
    # The row's own text: another client of a server may have replaced it since it was found.
    whole = replace(hit.chunk, text=row["text"], start=row["start_offset"])
    best, *others = _closest(load_pieces(row[PIECES], whole), row[DENSE], question)[:count]
    return replace(hit, chunk=best, inside=tuple(others), row_id=hit.chunk.id)


def _closest(chunks: Sequence[Chunk], vectors: Any, question: FloatArray) -> list[Chunk]:
    scores = np.asarray(vectors, np.float32) @ question
    return [chunks[i] for i in np.argsort(-scores, kind="stable")]
