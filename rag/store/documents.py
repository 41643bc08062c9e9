"""Rows of whole documents, made from the rows of their chunks.

A document is one row: the whole text, the dense vector of each chunk, the largest weight of
each sparse term, and the token vectors chunk by chunk, of which the best chunk counts. Where
the engine's limit on token vectors is passed there are several rows, and a search keeps the
best of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag.encoders.windows import max_pooled
from rag.store.validate import MAX_TOKEN_ROWS
from rag.types import Encoding, Row, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.store.base import CollectionSpec, Hit
    from rag.types import Chunk, DocumentRows


def laid_out(spec: CollectionSpec, documents: Sequence[DocumentRows]) -> Sequence[DocumentRows]:
    """Documents with the rows that the collection's unit asks for."""
    if spec.layout.unit is Unit.CHUNK:
        return documents
    return [_whole(document) for document in documents]


def best_of_each_document(spec: CollectionSpec, hits: Iterable[Hit]) -> list[Hit]:
    """Hits, best first, with each document once where a row is a document or a part of it."""
    if spec.layout.unit is Unit.CHUNK:
        return list(hits)
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.chunk.doc_id, hit)
    return list(best.values())


def _whole(document: DocumentRows) -> DocumentRows:
    parts = enumerate(_parts(document.rows))
    return replace(document, rows=tuple(_joined(position, part) for position, part in parts))


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Runs of chunks that fit into one row."""
    part: list[Row] = []
    room = MAX_TOKEN_ROWS
    for row in rows:
        room -= _token_rows(row)
        if part and room < 0:
            yield part
            part, room = [], MAX_TOKEN_ROWS - _token_rows(row)
        part.append(row)
    if part:
        yield part


def _token_rows(row: Row) -> int:
    """The engine cannot hold an empty tensor: a chunk without tokens has one row too."""
    return max(1, len(row.encoding.tokens))


def _joined(position: int, part: Sequence[Row]) -> Row:
    chunks = tuple(row.chunk for row in part)
    text = whole_text(chunks)
    # The id stays that of the first chunk: no other row has it.
    whole = replace(chunks[0], text=text, position=position, end=chunks[0].start + len(text))
    return Row(whole, _encoding([row.encoding for row in part]), chunks)


def whole_text(chunks: Sequence[Chunk]) -> str:
    """The text that chunks of one document were cut from, in order.

    White space between chunks is in none of them: a gap of one character is a space, a
    longer one is new lines, so that offsets stay right.
    """
    text, end = "", chunks[0].start
    for chunk in chunks:
        gap = max(0, chunk.start - end)
        text += " " if gap == 1 else "\n" * gap
        text += chunk.text[max(0, end - chunk.start) :]
        end = max(end, chunk.end)
    return text


def _encoding(encodings: Sequence[Encoding]) -> Encoding:
    return Encoding(
        dense=np.stack([encoding.dense for encoding in encodings]),
        sparse=max_pooled([encoding.sparse for encoding in encodings]),
        tokens=np.concatenate([encoding.tokens for encoding in encodings]),
        token_count=sum(encoding.token_count for encoding in encodings),
        truncated=any(encoding.truncated for encoding in encodings),
        windows=tuple(len(encoding.tokens) for encoding in encodings),
    )
