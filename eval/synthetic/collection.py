"""A synthetic collection in a store: made in bounded memory, gone on with, or reused."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from eval.progress import silent
from eval.synthetic.rows import CHUNKS_PER_DOCUMENT, SyntheticCorpus, document_id
from rag.store.base import CollectionSpec
from rag.types import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eval.progress import StepProgress
    from rag.encoders.base import EncoderInfo
    from rag.store.base import Store
    from rag.types import DocumentRows

# Part of the collection's name: raise it when the generator changes what it makes.
GENERATOR_VERSION = 3
DOCUMENTS_PER_WRITE = 50
SEARCHABLE_TIMEOUT = 900.0


@dataclass(frozen=True, slots=True)
class SyntheticCollection:
    """Where it is; `rows_per_second` is None when it was there already."""

    name: str
    rows: int
    rows_per_second: float | None


def collection_name(rows: int, encoder: EncoderInfo, layout: Layout | None = None) -> str:
    """One name for each combination of parameters."""
    key = f"{GENERATOR_VERSION} {rows} {encoder} {layout or Layout()}"
    return f"bench-{rows}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def provide(
    store: Store,
    encoder: EncoderInfo,
    rows: int,
    layout: Layout | None = None,
    progress: StepProgress = silent,
) -> SyntheticCollection:
    """The collection with that many rows; what is there is kept, what lacks is written.

    Raises: InputError (a layout that the encoder's widths do not allow), StoreError.
    """
    name = collection_name(rows, encoder, layout)
    if name not in {info.spec.name for info in store.collections()}:
        store.create_collection(CollectionSpec(name, encoder, layout=layout or Layout()))
    lacking = _lacking(store, name, rows)
    if not lacking:
        return SyntheticCollection(name, rows, None)
    began = perf_counter()
    written = _fill(store, name, SyntheticCorpus(encoder), lacking, progress)
    store.wait_until_searchable(name, SEARCHABLE_TIMEOUT)
    store.merge_indexes(name, always=True)
    return SyntheticCollection(name, rows, written / (perf_counter() - began))


def _lacking(store: Store, name: str, rows: int) -> dict[int, int]:
    """The rows of each document that is not there, by its number."""
    there = store.documents(name)
    documents = range(-(-rows // CHUNKS_PER_DOCUMENT))
    return {
        number: min(CHUNKS_PER_DOCUMENT, rows - number * CHUNKS_PER_DOCUMENT)
        for number in documents
        if document_id(number) not in there
    }


def _fill(
    store: Store,
    name: str,
    corpus: SyntheticCorpus,
    lacking: dict[int, int],
    progress: StepProgress,
) -> int:
    """Write the documents, the next batch being made meanwhile; gives the rows written."""
    batches = _batches(corpus, lacking)
    total, done = sum(lacking.values()), 0
    progress("insert", 0, total)
    with ThreadPoolExecutor(1) as maker:
        batch = next(batches, [])
        while batch:
            following = maker.submit(lambda: next(batches, []))
            store.write(name, batch)
            done += sum(len(document.rows) for document in batch)
            progress("insert", done, total)
            batch = following.result()
    return done


def _batches(corpus: SyntheticCorpus, lacking: dict[int, int]) -> Iterator[list[DocumentRows]]:
    documents = (corpus.document(number, chunks) for number, chunks in lacking.items())
    while batch := list(islice(documents, DOCUMENTS_PER_WRITE)):
        yield batch
