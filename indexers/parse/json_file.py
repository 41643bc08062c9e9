"""JSON: a list of records, one record, or any other value as the text that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParsedDocument, Problem
from indexers.parse.decode import decode
from indexers.parse.jsonl import load_json
from indexers.parse.records import has_text, record_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading
    from rag.settings import FieldMap


def parse_json(path: Path, reading: Reading) -> Iterator[Parsed]:
    """Records as documents (see `record_document`), or one document of the file's text.

    Raises: ParseError when it is not JSON.
    """
    data = path.read_bytes()
    value = load_json(data)
    fields = reading.settings.map
    records = value if isinstance(value, list) else [value]
    if any(has_text(record, fields) for record in records):
        yield from _documents(records, fields, len(data))
    else:
        yield ParsedDocument(text=decode(data), title=path.name, size=len(data))


def _documents(records: list[Any], fields: FieldMap, size: int) -> Iterator[Parsed]:
    """Each record takes an equal share of the file's bytes; the line is its place, from 1."""
    share = size // len(records)
    for number, record in enumerate(records, 1):
        if isinstance(record, dict):
            yield record_document(record, fields, share, number)
        else:
            yield Problem(number, "it is not a JSON object", share)
