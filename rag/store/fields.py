"""How each type of metadata field is checked and kept in its column.

The engine has no NULL, so a missing value is kept as a sentinel that no value may have;
`rag.store.sql` sees to it that a missing value satisfies no comparison.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from rag.store.base import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.types import MetadataValue

Stored: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A column type of the engine, its sentinel, and the way from a value to the column.

    `store` raises ValueError with the reason when the value is not of the type. `indexed`
    says that a secondary index helps to filter on such a column.
    """

    column_type: str
    missing: Stored
    store: Callable[[MetadataValue], Stored]
    indexed: bool = True


def checked_text(value: object) -> str:
    """`value` if it is text that the engine can keep. Raises: ValueError.

    The engine cuts text at a NUL, and lone surrogates have no UTF-8 form.
    """
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.80} is not text")
    if "\0" in value:
        raise ValueError("text may not contain NUL characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text may not contain lone surrogates") from error
    return value


def tag_mark(tag: object) -> str:
    """What the column of a field of tags holds exactly if `tag` is among its tags.

    Raises: ValueError when it cannot be a tag.
    """
    text = checked_text(tag)
    if TAG_BORDER in text:
        raise ValueError("a tag may not contain the character U+001F")
    return f"{TAG_BORDER}{text}{TAG_BORDER}"


def _text(value: MetadataValue) -> str:
    text = checked_text(value)
    if text == MISSING_TEXT:
        raise ValueError("this text is reserved for missing values")
    return text


def _integer(value: MetadataValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not an integer")
    if not MISSING_INTEGER < value <= MOST_INTEGER:
        raise ValueError(f"{value} is beyond ±{MOST_INTEGER}, the integers of 64 bits")
    return value


def _number(value: MetadataValue) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise ValueError(f"{value!r:.40} is too large for a float") from error
    if not math.isfinite(number) or number == MISSING_NUMBER:
        raise ValueError(f"{value} is not a finite number")
    return number


def _boolean(value: MetadataValue) -> int:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not true or false")
    return int(value)


def _date(value: MetadataValue) -> int:
    """Microseconds from 1970 in UTC: they compare as the points in time do."""
    text = checked_text(value) if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{value!r:.80} is not a date of ISO 8601 such as 2024-05-31 or 2024-05-31T12:30:00Z"
        ) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(microseconds=1)


def _tags(value: MetadataValue) -> str:
    """The tags one after the other, with a border around each."""
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.80} is not a list of tags")
    return TAG_BORDER + "".join(tag_mark(tag)[1:] for tag in value)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TAG_BORDER = "\x1f"  # the "unit separator" of ASCII
MISSING_TEXT = "\ufdd0missing"  # a code point that is reserved for private use in programs
MISSING_INTEGER = -(2**63) + 1  # SQL reads -(2**63) as the negative of a number that is too large
MOST_INTEGER = 2**63 - 2  # one more ends the process when the engine builds its index
MISSING_NUMBER = -sys.float_info.max
MISSING_BOOLEAN = -1

KINDS: Mapping[FieldType, FieldKind] = {
    FieldType.STRING: FieldKind("varchar", MISSING_TEXT, _text),
    FieldType.INTEGER: FieldKind("int64", MISSING_INTEGER, _integer),
    FieldType.FLOAT: FieldKind("double", MISSING_NUMBER, _number),
    FieldType.BOOLEAN: FieldKind("int8", MISSING_BOOLEAN, _boolean),
    FieldType.DATE: FieldKind("int64", MISSING_INTEGER, _date),
    FieldType.TAGS: FieldKind("varchar", MISSING_TEXT, _tags, indexed=False),
}
