"""The chunks before and after others in their documents, of many in one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.store.sql import one_of
from rag.store.stored_chunks import chunk_output, stored_chunks
from rag.types import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.store.base import CollectionSpec
    from rag.store.engine import AskWhere
    from rag.types import Chunk


def read_neighbours(
    spec: CollectionSpec, chunks: Sequence[Chunk], reach: int, ask: AskWhere
) -> list[list[Chunk]]:
    """For each chunk the run of at most `reach` chunks on either side, it among them.

    A chunk that is not there any more as it is given has no neighbours: those that are there
    may belong to another revision of its document.
    """
    if not chunks:
        return []
    found = ask(_condition(spec, chunks, reach), chunk_output(spec), lambda builder: builder)
    there = {(chunk.doc_id, chunk.position): chunk for chunk in stored_chunks(spec, found)}
    return [_run(chunk, reach, there) for chunk in chunks]


def _condition(spec: CollectionSpec, chunks: Sequence[Chunk], reach: int) -> str:
    """Selects every chunk that is wanted and few others: documents times positions.

    Only `doc_id` has an index; the engine looks at the positions of what that finds.
    """
    documents = one_of("doc_id", sorted({chunk.doc_id for chunk in chunks}))
    if spec.layout.unit is Unit.DOCUMENT:
        return documents
    places = {place for chunk in chunks for place in _places(chunk, reach)}
    return f"{documents} and {one_of('position', sorted(places))}"


def _places(chunk: Chunk, reach: int) -> Iterable[int]:
    return range(max(0, chunk.position - reach), chunk.position + reach + 1)


def _run(chunk: Chunk, reach: int, there: Mapping[tuple[str, int], Chunk]) -> list[Chunk]:
    if there.get((chunk.doc_id, chunk.position)) != chunk:
        return [chunk]

    def follow(step: int) -> Iterator[Chunk]:
        for far in range(1, reach + 1):
            neighbour = there.get((chunk.doc_id, chunk.position + step * far))
            if neighbour is None:
                return
            yield neighbour

    return [*reversed([*follow(-1)]), chunk, *follow(1)]
