"""A synthetic collection in a store: made in bounded memory, or reused when it is there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from eval.progress import silent
from eval.synthetic import CHUNKS_PER_DOCUMENT, SyntheticCorpus
from rag.store.base import CollectionSpec

if TYPE_CHECKING:
    from eval.progress import StepProgress
    from rag.encoders.base import EncoderInfo
    from rag.store.base import Store

# Part of the collection's name: raise it when the generator changes what it makes.
GENERATOR_VERSION = 1
DOCUMENTS_PER_WRITE = 25
SEARCHABLE_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class SyntheticCollection:
    """Where it is; `rows_per_second` is None when it was there already."""

    name: str
    rows: int
    rows_per_second: float | None


def collection_name(rows: int, encoder: EncoderInfo) -> str:
    """One name for each combination of parameters."""
    key = f"{GENERATOR_VERSION} {rows} {encoder}"
    return f"bench-{rows}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def provide(
    store: Store, encoder: EncoderInfo, rows: int, progress: StepProgress = silent
) -> SyntheticCollection:
    """The collection with that many rows; what is there and whole is reused.

    Raises: StoreError.
    """
    name = collection_name(rows, encoder)
    there = {info.spec.name: info.rows for info in store.collections()}
    if there.get(name) == rows:
        return SyntheticCollection(name, rows, None)
    if name in there:
        store.drop_collection(name)
    store.create_collection(CollectionSpec(name, encoder))
    seconds = _fill(store, name, SyntheticCorpus(encoder), rows, progress)
    store.wait_until_searchable(name, SEARCHABLE_TIMEOUT)
    return SyntheticCollection(name, rows, rows / seconds)


def _fill(
    store: Store, name: str, corpus: SyntheticCorpus, rows: int, progress: StepProgress
) -> float:
    """Write all rows; gives the seconds spent in the store."""
    seconds = 0.0
    step = DOCUMENTS_PER_WRITE * CHUNKS_PER_DOCUMENT
    progress("insert", 0, rows)
    for start in range(0, rows, step):
        end = min(start + step, rows)
        documents = [
            corpus.document(first, min(CHUNKS_PER_DOCUMENT, end - first))
            for first in range(start, end, CHUNKS_PER_DOCUMENT)
        ]
        began = perf_counter()
        store.write(name, documents)
        seconds += perf_counter() - began
        progress("insert", end, rows)
    return seconds
