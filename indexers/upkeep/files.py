"""Collections into Parquet files, and back."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from indexers.upkeep.draft import new_draft, refuse_existing, settle
from indexers.upkeep.format import Header, from_batch, to_batch
from indexers.upkeep.groups import groups
from rag.errors import CollectionMismatchError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rag.encoders.base import EncoderInfo
    from rag.store.base import CollectionInfo, Store
    from rag.types import DocumentRows

ROWS_A_GROUP = 256
ROWS_A_READ = 64


def export_collection(
    store: Store, name: str, path: Path, progress: Callable[[int], None] = lambda _: None
) -> CollectionInfo:
    """Write all of a collection to a file, which gets its name when it is whole.

    `progress` is told of rows. Raises: CollectionNotFoundError, InputError (the file cannot be
    written), StoreError (a document was changed meanwhile).
    """
    info = store.describe(name)
    header = Header.of(info)
    documents = store.scan(name, list(store.documents(name).values()))
    with (
        _whole_file(path) as partial,
        pq.ParquetWriter(partial, header.schema(), compression="zstd") as writer,
    ):
        for group in groups(documents, ROWS_A_GROUP):
            batch = to_batch(header, group)
            writer.write_batch(batch)
            progress(batch.num_rows)
    return info


def import_collection(
    store: Store,
    path: Path,
    name: str | None,
    encoder: EncoderInfo,
    progress: Callable[[int], None] = lambda _: None,
) -> CollectionInfo:
    """Make a collection of an exported file, under its own name or another one.

    It is there when it is whole. Raises: InputError (no such file, or a damaged one),
    CollectionMismatchError (made by other models than `encoder`), CollectionExistsError.
    """
    with _opened(path) as file:
        header = Header.read(file.schema_arrow, path)
        _check_encoder(header, encoder, path)
        spec = replace(header.spec, name=name or header.spec.name)
        refuse_existing(store, spec.name)
        with new_draft(store, spec) as draft:
            written = 0
            for group in groups(_documents(file, header, path), ROWS_A_READ):
                store.restore(draft, group)
                written += len(group)
                progress(sum(len(document.rows) for document in group))
            if written != header.documents:
                raise InputError(f"{path} holds {written} of {header.documents} documents.")
            settle(store, draft)
            store.publish(draft, spec.name)
    return store.describe(spec.name)


def _check_encoder(header: Header, encoder: EncoderInfo, path: Path) -> None:
    made_with = header.spec.encoder
    if made_with.identity != encoder.identity:
        raise CollectionMismatchError(
            f"{path} was exported from a collection made with {made_with.identity}, not with "
            f"{encoder.identity}; choose the preset of those models (`trident models list`)."
        )


def _documents(file: pq.ParquetFile, header: Header, path: Path) -> Iterator[DocumentRows]:
    try:
        batches = file.iter_batches(batch_size=ROWS_A_READ)
        rows = (pair for batch in batches for pair in from_batch(header, batch))
        for document, own in groupby(rows, key=itemgetter(0)):
            yield replace(document, rows=tuple(row for _, row in own))
    except (ValueError, TypeError, AttributeError, OSError, pa.ArrowException) as error:
        raise InputError(f"{path} is damaged ({error}); export the collection again.") from error


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}.") from error
    with file:
        yield file


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; what is there becomes `path` when the body succeeds."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)
