"""A record of a file (JSON, Parquet, CSV) as a document, by a mapping of its fields."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParsedDocument, ParseError, Problem
from indexers.parse.decode import normalize_newlines
from rag.settings.parse import RecordField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexers.parse.base import Parsed
    from rag.settings import FieldMap
    from rag.types import MetadataValue

ID_KEYS = ("docid", "id")
INT64 = range(-(2**63), 2**63)


def record_document(
    record: Mapping[str, Any], fields: FieldMap, size: int, line: int | None = None
) -> Parsed:
    """The document of `{docid|id, text, title?, metadata?}`, or what is wrong with it.

    `fields` gives other names of these keys. Other keys are ignored.
    """
    try:
        return ParsedDocument(
            id=_id(record, fields),
            text=_string(record, _key(fields, RecordField.TEXT)),
            title=_string(record, _key(fields, RecordField.TITLE), default="").strip(),
            metadata=_metadata(record.get(_key(fields, RecordField.METADATA))),
            line=line,
            size=size,
        )
    except ParseError as error:
        return Problem(line, str(error), size)


def has_text(record: object, fields: FieldMap) -> bool:
    """The record has the field that its text is mapped from."""
    return isinstance(record, dict) and _key(fields, RecordField.TEXT) in record


def _key(fields: FieldMap, field: RecordField) -> str:
    return fields.get(field, field.value)


def _id(record: Mapping[str, Any], fields: FieldMap) -> str:
    keys = (fields[RecordField.ID],) if RecordField.ID in fields else ID_KEYS
    value = next((record[key] for key in keys if record.get(key) is not None), None)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise ParseError("it has no " + " or ".join(f'"{key}"' for key in keys))
    return _unicode(value, "id")


def _string(record: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = record.get(key)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise ParseError(f'its "{key}" is missing or not a string')
    return normalize_newlines(_unicode(value, key))


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
