"""JSON Lines: one record a line, each a document with an id of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParseError, Problem
from indexers.parse.records import record_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading
    from rag.settings import FieldMap


def parse_jsonl(path: Path, reading: Reading) -> Iterator[Parsed]:
    """A document or a Problem for each line (see `record_document`).

    Blank lines are passed over. Records are read one by one, so that a file of any length
    can be indexed.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _parse_line(line, number, reading.settings.map)


def load_json(data: bytes) -> Any:
    """The value that JSON spells. Raises: ParseError."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ParseError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"it is not JSON ({error.msg} at column {error.colno})") from error
    except ValueError as error:  # a number of more digits than Python converts
        raise ParseError("it is JSON that cannot be read") from error
    except RecursionError as error:
        raise ParseError("its JSON is nested too deeply") from error


def _parse_line(line: bytes, number: int, fields: FieldMap) -> Parsed:
    try:
        return record_document(_load_object(line), fields, len(line), number)
    except ParseError as error:
        return Problem(number, str(error), len(line))


def _load_object(line: bytes) -> Mapping[str, Any]:
    record = load_json(line)
    if not isinstance(record, dict):
        raise ParseError("it is not a JSON object")
    return record
