"""JSON Lines: one record a line, each a document with an id of its own."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParsedDocument, ParseError, Problem
from indexers.parse.decode import normalize_newlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from indexers.parse.base import Parsed
    from rag.types import MetadataValue

ID_KEYS = ("docid", "id")
INT64 = range(-(2**63), 2**63)


def parse_jsonl(path: Path) -> Iterator[Parsed]:
    """A document or a Problem for each line `{docid|id, text, title?, metadata?}`.

    Other keys are ignored. Blank lines are passed over. Records are read one by one, so
    that a file of any length can be indexed.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _parse_line(line, number)


def _parse_line(line: bytes, number: int) -> Parsed:
    try:
        record = _load(line)
        return ParsedDocument(
            id=_id(record),
            text=normalize_newlines(_string(record, "text")),
            title=normalize_newlines(_string(record, "title", default="")).strip(),
            metadata=_metadata(record.get("metadata")),
            line=number,
            size=len(line),
        )
    except ParseError as error:
        return Problem(number, str(error), len(line))


def _load(line: bytes) -> Mapping[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ParseError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"it is not JSON ({error.msg} at column {error.colno})") from error
    except ValueError as error:  # a number of more digits than Python converts
        raise ParseError("it is JSON that cannot be read") from error
    except RecursionError as error:
        raise ParseError("its JSON is nested too deeply") from error
    if not isinstance(record, dict):
        raise ParseError("it is not a JSON object")
    return record


def _id(record: Mapping[str, Any]) -> str:
    value = next((record[key] for key in ID_KEYS if record.get(key) is not None), None)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise ParseError('it has no "docid" or "id"')
    return _unicode(value, "id")


def _string(record: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = record.get(key)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise ParseError(f'its "{key}" is missing or not a string')
    return _unicode(value, key)


def _metadata(value: object) -> dict[str, MetadataValue]:
    """Fields without a value (null) count as absent."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ParseError('its "metadata" is not an object')
    return {_unicode(key, "metadata"): _value(key, v) for key, v in value.items() if v is not None}


def _value(key: str, value: object) -> MetadataValue:
    if isinstance(value, str):
        return _unicode(value, key)
    if isinstance(value, list) and all(isinstance(tag, str) for tag in value):
        return [_unicode(tag, key) for tag in value]
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and value in INT64:
        return value
    raise ParseError(
        f'its metadata field "{key}" is no string, list of strings, boolean or 64-bit number'
    )


def _unicode(value: str, key: str) -> str:
    """JSON escapes can spell what is no text: half a surrogate pair, or NUL."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ParseError(f'its "{key}" holds a character that is no text')
    return value
