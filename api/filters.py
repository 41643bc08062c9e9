"""Filters as JSON, and their way to the typed tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from rag.errors import FilterError
from rag.store import filters as typed

if TYPE_CHECKING:
    from collections.abc import Sequence

Value = StrictBool | StrictInt | StrictFloat | StrictStr
# Far beyond what a person writes, far below what harms a parser.
DEEPEST = 8
MOST_PARTS = 100
MOST_VALUES = 1000


class Node(BaseModel):
    """A node of a filter; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Comparison(Node):
    """`field` compared with `value`."""

    field: str
    op: typed.Comparison
    value: Value


class Membership(Node):
    """`field` is one of `value`."""

    field: str
    op: Literal["in"]
    value: Annotated[list[Value], Field(max_length=MOST_VALUES)]


class Conjunction(Node):
    """All parts hold."""

    all_of: Annotated[list[FilterNode], Field(alias="and", max_length=MOST_PARTS)]


class Disjunction(Node):
    """At least one part holds."""

    any_of: Annotated[list[FilterNode], Field(alias="or", max_length=MOST_PARTS)]


class Negation(Node):
    """The part does not hold."""

    part: Annotated[FilterNode, Field(alias="not")]


FilterNode = Comparison | Membership | Conjunction | Disjunction | Negation


def to_typed(node: FilterNode, depth: int = 1) -> typed.Filter:
    """The typed filter of a node. Raises: FilterError when it is nested too deeply."""
    if depth > DEEPEST:
        raise FilterError(f"The filter is nested more than {DEEPEST} deep; simplify it.")
    match node:
        case Comparison(field=field, op=op, value=value):
            return typed.Compare(field, op, value)
        case Membership(field=field, value=values):
            return typed.In(field, tuple(values))
        case Conjunction(all_of=parts):
            return typed.And(_all(parts, depth))
        case Disjunction(any_of=parts):
            return typed.Or(_all(parts, depth))
        case Negation(part=part):
            return typed.Not(to_typed(part, depth + 1))


def _all(parts: Sequence[FilterNode], depth: int) -> tuple[typed.Filter, ...]:
    return tuple(to_typed(part, depth + 1) for part in parts)
