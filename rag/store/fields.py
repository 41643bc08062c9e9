"""How each type of metadata field is checked and kept in its column.

The engine has no NULL, so a missing value is kept as a sentinel that no value may have;
`rag.store.sql` sees to it that a missing value satisfies no comparison.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rag.store.base import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.types import Scalar

Stored: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A column type of the engine, its sentinel, and the way from a value to the column.

    `store` raises ValueError with the reason when the value is not of the type.
    """

    column_type: str
    missing: Stored
    store: Callable[[Scalar], Stored]


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


def _text(value: Scalar) -> str:
    text = checked_text(value)
    if text == MISSING_TEXT:
        raise ValueError("this text is reserved for missing values")
    return text


def _integer(value: Scalar) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not an integer")
    if not MISSING_INTEGER < value < 2**63:
        raise ValueError(f"{value} does not fit into 64 bits")
    return value


def _number(value: Scalar) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise ValueError(f"{value!r:.40} is too large for a float") from error
    if not math.isfinite(number) or number == MISSING_NUMBER:
        raise ValueError(f"{value} is not a finite number")
    return number


def _boolean(value: Scalar) -> int:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.80} is not true or false")
    return int(value)


MISSING_TEXT = "\ufdd0missing"  # a code point that is reserved for private use in programs
MISSING_INTEGER = -(2**63) + 1  # SQL reads -(2**63) as the negative of a number that is too large
MISSING_NUMBER = -sys.float_info.max
MISSING_BOOLEAN = -1

KINDS: Mapping[FieldType, FieldKind] = {
    FieldType.STRING: FieldKind("varchar", MISSING_TEXT, _text),
    FieldType.INTEGER: FieldKind("int64", MISSING_INTEGER, _integer),
    FieldType.FLOAT: FieldKind("double", MISSING_NUMBER, _number),
    FieldType.BOOLEAN: FieldKind("int8", MISSING_BOOLEAN, _boolean),
}
