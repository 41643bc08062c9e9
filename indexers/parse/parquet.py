"""Parquet: a document for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.parse.base import ParseError
from indexers.parse.records import ID_KEYS, record_document
from rag.settings.parse import RecordField

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading
    from rag.settings import FieldMap

ROWS_AT_ONCE = 256


def parse_parquet(path: Path, reading: Reading) -> Iterator[Parsed]:
    """Rows as documents (see `record_document`), read a few at a time.

    Raises: ParseError when it is no Parquet or lacks the column of the text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = reading.settings.map
    try:
        with pq.ParquetFile(path) as file:
            share = path.stat().st_size // max(file.metadata.num_rows, 1)
            columns = _columns(file.schema_arrow.names, fields)
            number = 0
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=columns, use_threads=False):
                for record in batch.to_pylist():
                    number += 1
                    yield record_document(record, fields, share, number)
    except pa.ArrowException as error:
        raise ParseError(f"it is damaged or no Parquet file ({error})") from error


def _columns(names: Sequence[str], fields: FieldMap) -> list[str]:
    text = fields.get(RecordField.TEXT, RecordField.TEXT.value)
    if text not in names:
        raise ParseError(
            f'it has no column "{text}" but {", ".join(names)}; name one with --map text=COLUMN'
        )
    wanted = {fields.get(field, field.value) for field in RecordField} | set(ID_KEYS)
    return [name for name in names if name in wanted]
