"""CSV and TSV: a line for each row with its column names, or a document for each row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from indexers.parse.base import ParseError
from indexers.parse.builder import DocumentBuilder
from indexers.parse.decode import decode
from indexers.parse.records import record_document
from indexers.parse.table_rows import labelled_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading
    from rag.settings import FieldMap

DELIMITERS = ",;\t|"
SAMPLE = 64 * 1024  # characters that the delimiter is guessed from
LONGEST_VALUE = 2**24


def parse_delimited(path: Path, reading: Reading) -> Iterator[Parsed]:
    """One document of all rows; with a field mapping, one for each row."""
    data = path.read_bytes()
    text = decode(data)
    csv.field_size_limit(LONGEST_VALUE)
    rows = csv.reader(io.StringIO(text, newline=""), _dialect(text, path.suffix))
    try:
        if reading.settings.map:
            yield from _records(rows, reading.settings.map, len(data))
            return
        builder = DocumentBuilder()
        builder.lines(labelled_lines(rows))
        yield builder.build(len(data), path.stem, path.stem)
    except csv.Error as error:
        raise ParseError(f"it is no table of separated values ({error})") from error


def _dialect(text: str, suffix: str) -> type[csv.Dialect] | csv.Dialect:
    if suffix.lower() == ".tsv":
        return csv.excel_tab
    try:
        return csv.Sniffer().sniff(text[:SAMPLE], DELIMITERS)
    except csv.Error:
        return csv.excel


def _records(rows: Iterator[list[str]], fields: FieldMap, size: int) -> Iterator[Parsed]:
    """The rows count from 1, the names included; each takes an equal share of the bytes."""
    names = next(rows, [])
    records = [(number, row) for number, row in enumerate(rows, 2) if any(row)]
    for number, row in records:
        record = {name: value or None for name, value in zip(names, row, strict=False)}
        yield record_document(record, fields, size // len(records), number)
