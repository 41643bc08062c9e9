"""From a typed filter to the SQL that the engine reads.

A missing metadata value satisfies no comparison, `ne` included; `Not` then holds for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import FilterError
from rag.store.base import FieldType
from rag.store.fields import KINDS, tag_mark
from rag.store.filters import And, Compare, Comparison, Exists, HasAll, HasAny, In, Not, Or
from rag.store.schema import filterable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.store.base import CollectionSpec
    from rag.store.fields import Stored
    from rag.store.filters import Condition, Filter
    from rag.types import Scalar

OPERATORS: Mapping[Comparison, str] = {
    Comparison.EQ: "=",
    Comparison.NE: "<>",
    Comparison.LT: "<",
    Comparison.LE: "<=",
    Comparison.GT: ">",
    Comparison.GE: ">=",
}
MAX_DEPTH = 16  # the SDK walks the tree recursively
MAX_SIZE = 1000
NEVER = "position < 0"  # a column without an index


def to_sql(where: Filter, spec: CollectionSpec) -> str | bool:
    """The SQL of `where`; True when it holds for every row, False when for none.

    Raises: FilterError for an unknown field, a value of another type than the field, or
    a filter that is too large or nested too deeply.
    """
    size = _size(where, MAX_DEPTH)
    if size > MAX_SIZE:
        raise FilterError(f"The filter has {size} values and parts; use at most {MAX_SIZE}.")
    compiler = _Compiler(spec)
    sql = compiler.compile(where)
    on_index = len(compiler.columns) == 1 and _only_equalities(where)
    return sql if isinstance(sql, bool) or on_index else _off_index(sql)


def literal(value: Stored) -> str:
    """A constant in SQL."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def one_of(column: str, values: Sequence[str] | Sequence[int]) -> str:
    """`column` is one of these texts or integers from 0.

    There must be one: `in ()` kills the engine.
    """
    if not values:
        raise ValueError("an empty list of values")
    return f"{column} in ({', '.join(map(literal, values))})"


class _Compiler:
    """Walks a filter for one collection, folding parts that always or never hold."""

    def __init__(self, spec: CollectionSpec):
        self._fields = filterable(spec)
        self.columns: set[str] = set()

    def compile(self, where: Filter) -> str | bool:
        match where:
            case And():
                return _join("and", [self.compile(part) for part in where.parts])
            case Or():
                return _join("or", [self.compile(part) for part in where.parts])
            case Not():
                return _negate(self.compile(where.part))
            case _:
                return self._condition(where)

    def _condition(self, where: Condition) -> str | bool:
        match where:
            case Compare():
                return self._compare(where)
            case In():
                return self._in(where)
            case HasAny():
                return _join("or", self._tags(where))
            case HasAll():
                return _join("and", [*self._tags(where), self._exists(where.field)])
            case Exists():
                return self._exists(where.field)

    def _compare(self, where: Compare) -> str:
        column, kind = self._single(where.field)
        if kind is FieldType.BOOLEAN and where.op not in (Comparison.EQ, Comparison.NE):
            raise FilterError(f"The field {where.field} is true or false; compare with eq or ne.")
        compared = (
            f"{column} {OPERATORS[where.op]} {literal(self._value(where.field, where.value))}"
        )
        if where.op is Comparison.EQ:
            return compared
        return f"({compared} and {self._exists(where.field)})"

    def _in(self, where: In) -> str | bool:
        column, kind = self._single(where.field)
        values = [self._value(where.field, value) for value in where.values]
        if values and kind is FieldType.STRING:
            return one_of(column, [str(value) for value in values])
        # The engine's `in` takes no negative numbers.
        return _join("or", [f"{column} = {literal(value)}" for value in values])

    def _tags(self, where: HasAny | HasAll) -> list[str]:
        """A condition for each tag. `char_position` finds plain text: it has no wildcards."""
        column, kind = self._column(where.field)
        if kind is not FieldType.TAGS:
            raise FilterError(
                f"The field {where.field} is of type {kind}, not tags; compare it with eq or in."
            )
        try:
            marks = [literal(tag_mark(tag)) for tag in where.tags]
        except ValueError as error:
            raise FilterError(f"The field {where.field} holds tags: {error}.") from error
        return [f"char_position({column}, {mark}) > 0" for mark in marks]

    def _exists(self, field: str) -> str:
        column, kind = self._column(field)
        return f"{column} <> {literal(KINDS[kind].missing)}"

    def _single(self, field: str) -> tuple[str, FieldType]:
        column, kind = self._column(field)
        if kind is FieldType.TAGS:
            raise FilterError(f"The field {field} holds tags; use has, has_any or has_all.")
        return column, kind

    def _column(self, field: str) -> tuple[str, FieldType]:
        if field not in self._fields:
            known = ", ".join(sorted(self._fields))
            raise FilterError(f"There is no field {field!r:.80} to filter on; there are: {known}.")
        self.columns.add(self._fields[field][0])
        return self._fields[field]

    def _value(self, field: str, value: Scalar) -> Stored:
        kind = self._fields[field][1]
        try:
            return KINDS[kind].store(value)
        except ValueError as error:
            raise FilterError(f"The field {field} is of type {kind}: {error}.") from error


def _off_index(sql: str) -> str:
    """The same condition, evaluated row by row.

    The engine crashes when it combines three conditions on two columns from their
    secondary indexes, and when it looks up a range without an upper end (`>`, `>=`) in the
    index of some 8,192 rows or more. One more condition on a column without an index keeps it
    from trying.
    """
    return f"({NEVER} or {sql})"


def _only_equalities(where: Filter) -> bool:
    """What the secondary index of one column answers safely, however it is combined."""
    match where:
        case Compare():
            return where.op is Comparison.EQ
        case In():
            return True
        case And() | Or():
            return all(map(_only_equalities, where.parts))
        case _:
            return False


def _size(where: Filter, depth: int) -> int:
    """Values and parts of a filter at all depths."""
    if depth == 0:
        raise FilterError(f"The filter is nested more than {MAX_DEPTH} deep; flatten it.")
    match where:
        case Compare() | Exists():
            return 1
        case In():
            return 1 + len(where.values)
        case HasAny() | HasAll():
            return 1 + len(where.tags)
        case And() | Or():
            return 1 + sum(_size(part, depth - 1) for part in where.parts)
        case Not():
            return 1 + _size(where.part, depth - 1)


def _join(operator: str, parts: Iterable[str | bool]) -> str | bool:
    """All parts hold ("and") or any does ("or"); balanced, so that many parts stay shallow."""
    decisive = operator == "or"
    given = list(parts)
    if decisive in [part for part in given if isinstance(part, bool)]:
        return decisive
    conditions = [part for part in given if isinstance(part, str)]
    return _balanced(operator, conditions) if conditions else not decisive


def _balanced(operator: str, conditions: Sequence[str]) -> str:
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    left, right = conditions[:half], conditions[half:]
    return f"({_balanced(operator, left)} {operator} {_balanced(operator, right)})"


def _negate(part: str | bool) -> str | bool:
    return not part if isinstance(part, bool) else f"not ({part})"
