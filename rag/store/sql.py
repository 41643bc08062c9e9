"""From a typed filter to the engine's SQL.

Field names are looked up, never copied from the user; every string is quoted by doubling
its quotes, which is the only escape of the engine's dialect. What the engine cannot bear
(an empty `IN ()` kills the process) is rewritten here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import FilterError
from rag.store.base import FieldType
from rag.store.filters import And, Compare, Comparison, In, Not, Or

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.filters import Filter
    from rag.types import Scalar


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field lies in the table."""

    name: str
    kind: FieldType


Fields: TypeAlias = "Mapping[str, Column]"

# A row without a value for a field holds this one, which no user can write in a filter.
MISSING: Mapping[FieldType, Scalar] = {
    FieldType.STRING: "\x01",
    FieldType.INTEGER: -(2**63) + 1,
    FieldType.FLOAT: -1.5e300,
    FieldType.BOOLEAN: 2,
}
OPERATORS = {
    Comparison.EQ: "=",
    Comparison.NE: "<>",
    Comparison.LT: "<",
    Comparison.LE: "<=",
    Comparison.GT: ">",
    Comparison.GE: ">=",
}
# Conditions that hold always and never; `position` is at least 0 in every row.
ALWAYS = "position >= 0"
NEVER = "position < 0"
LARGEST_INTEGER = 2**63 - 2
LARGEST_FLOAT = 1e300


def to_sql(where: Filter, fields: Fields) -> str:
    """The SQL of a filter over `fields`.

    Raises: FilterError for an unknown field or a value of another type than the field's.
    """
    match where:
        case Compare(field, op, value):
            return _compare(field, op, value, fields)
        case In(field, values):
            return _in(field, values, fields)
        case And(parts):
            return _join("and", [to_sql(part, fields) for part in parts], ALWAYS)
        case Or(parts):
            return _join("or", [to_sql(part, fields) for part in parts], NEVER)
        case Not(part):
            return f"(not {to_sql(part, fields)})"


def literal(value: Scalar) -> str:
    """One SQL literal."""
    match value:
        case bool():
            return str(int(value))
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return repr(value)


def in_list(field: str, values: list[str]) -> str:
    """`field in (…)` over strings that are our own ids; never empty."""
    return f"{field} in ({', '.join(literal(value) for value in values)})" if values else NEVER


def _join(word: str, parts: list[str], empty: str) -> str:
    return "(" + f" {word} ".join(parts or [empty]) + ")"


def _compare(field: str, op: Comparison, value: Scalar, fields: Fields) -> str:
    column = _column(field, fields)
    condition = f"{column.name} {OPERATORS[op]} {literal(_checked(field, column.kind, value))}"
    return condition if op is Comparison.EQ else f"({condition} and {_has_value(column)})"


def _in(field: str, values: tuple[Scalar, ...], fields: Fields) -> str:
    column = _column(field, fields)
    literals = [literal(_checked(field, column.kind, value)) for value in values]
    return f"{column.name} in ({', '.join(literals)})" if literals else NEVER


def _has_value(column: Column) -> str:
    return f"{column.name} <> {literal(MISSING[column.kind])}"


def _column(field: str, fields: Fields) -> Column:
    if field not in fields:
        raise FilterError(
            f"The filter names {field!r}, but the collection's fields are: "
            f"{', '.join(sorted(fields))}."
        )
    return fields[field]


def _checked(field: str, kind: FieldType, value: Scalar) -> Scalar:
    """The value in the field's type. Raises: FilterError."""
    if not is_of(kind, value):
        raise FilterError(
            f"The filter compares {field} with {value!r}, which is not a {kind} value."
        )
    return float(value) if kind is FieldType.FLOAT else value


def is_of(kind: FieldType, value: Scalar) -> bool:
    """Whether a column of that type can hold the value, and it is no mark of absence."""
    match kind:
        case FieldType.BOOLEAN:
            return isinstance(value, bool)
        case FieldType.STRING:
            return isinstance(value, str) and value != MISSING[kind] and "\0" not in value
        case FieldType.INTEGER:
            return type(value) is int and abs(value) <= LARGEST_INTEGER
        case FieldType.FLOAT:
            return type(value) in (int, float) and abs(float(value)) <= LARGEST_FLOAT
