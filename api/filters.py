"""Filters as JSON, and their way to the typed tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from api.text import Text, require_text
from rag.errors import FilterError
from rag.store import filters as typed
from rag.types import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Far beyond what a person writes, far below what harms a parser.
DEEPEST = 8
MOST_PARTS = 100
MOST_VALUES = 1000
MOST_LEVELS = 2 * DEEPEST + 8  # of JSON: a group is an object and a list
MOST_NODES = 5000
GRAMMAR = (
    'Expected {"field": …, "op": …, "value": …} with an op of '
    f"{', '.join(typed.Comparison)}, in, has, has_any, has_all or exists (which has no value), or "
    '{"and": […]}, {"or": […]} or {"not": {…}}'
)


def require_scalar(value: Any) -> Scalar:
    """A string, a number or a boolean. Raises: ValueError."""
    if not isinstance(value, str | int | float | bool):
        raise ValueError("Expected a string, a number or a boolean")
    return require_text(value) if isinstance(value, str) else value


Value = Annotated[str | int | float | bool, BeforeValidator(require_scalar)]


class Node(BaseModel):
    """A node of a filter; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Comparison(Node):
    """`field` compared with `value`."""

    field: Text
    op: typed.Comparison
    value: Value


class Membership(Node):
    """`field` is one of `value`."""

    field: Text
    op: Literal["in"]
    value: Annotated[list[Value], Field(max_length=MOST_VALUES)]


class Tagged(Node):
    """The tags of `field` include `value`."""

    field: Text
    op: Literal["has"]
    value: Text


class ManyTagged(Node):
    """The tags of `field` include one, or all, of `value`."""

    field: Text
    op: Literal["has_any", "has_all"]
    value: Annotated[list[Text], Field(max_length=MOST_VALUES)]


class Existence(Node):
    """There is a value of `field`."""

    field: Text
    op: Literal["exists"]


class Conjunction(Node):
    """All parts hold."""

    all_of: Annotated[list[FilterNode], Field(alias="and", max_length=MOST_PARTS)]


class Disjunction(Node):
    """At least one part holds."""

    any_of: Annotated[list[FilterNode], Field(alias="or", max_length=MOST_PARTS)]


class Negation(Node):
    """The part does not hold."""

    part: Annotated[FilterNode, Field(alias="not")]


CONDITIONS = {
    **dict.fromkeys(map(str, typed.Comparison), "Comparison"),
    "in": "Membership",
    "has": "Tagged",
    "has_any": "ManyTagged",
    "has_all": "ManyTagged",
    "exists": "Existence",
}


def kind(raw: Any) -> str | None:
    """The name of the node that an object is meant to be; None: of none."""
    if not isinstance(raw, dict):
        return None
    groups = {"and": "Conjunction", "or": "Disjunction", "not": "Negation"}
    group = next((node for key, node in groups.items() if key in raw), None)
    return group or _kind_of_condition(raw.get("op"))


def _kind_of_condition(op: Any) -> str | None:
    return CONDITIONS.get(op) if isinstance(op, str) else None


def require_bounded(raw: Any) -> Any:
    """The same JSON, unless it is too deep or too large. Raises: FilterError.

    Validation recurses, and reports every fault: it must not see what is out of bounds.
    """
    level, levels, nodes = [raw], 0, 0
    while level:
        levels, nodes = levels + 1, nodes + len(level)
        if levels > MOST_LEVELS:
            raise _too_deep()
        if nodes > MOST_NODES:
            raise FilterError(f"The filter has more than {MOST_NODES} parts; simplify it.")
        level = [child for node in level for child in _children(node)]
    return raw


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _too_deep() -> FilterError:
    return FilterError(f"The filter is nested more than {DEEPEST} deep; simplify it.")


ConditionNode: TypeAlias = Comparison | Membership | Tagged | ManyTagged | Existence
FilterNode = Annotated[
    Annotated[Comparison, Tag("Comparison")]
    | Annotated[Membership, Tag("Membership")]
    | Annotated[Tagged, Tag("Tagged")]
    | Annotated[ManyTagged, Tag("ManyTagged")]
    | Annotated[Existence, Tag("Existence")]
    | Annotated[Conjunction, Tag("Conjunction")]
    | Annotated[Disjunction, Tag("Disjunction")]
    | Annotated[Negation, Tag("Negation")],
    Discriminator(kind, custom_error_type="filter", custom_error_message=GRAMMAR),
]
FilterBody = Annotated[FilterNode, BeforeValidator(require_bounded)]


def to_typed(node: FilterNode, depth: int = 1) -> typed.Filter:
    """The typed filter of a node. Raises: FilterError when it is nested too deeply."""
    if depth > DEEPEST:
        raise _too_deep()
    match node:
        case Conjunction(all_of=parts):
            return typed.And(_all(parts, depth))
        case Disjunction(any_of=parts):
            return typed.Or(_all(parts, depth))
        case Negation(part=part):
            return typed.Not(to_typed(part, depth + 1))
        case _:
            return _condition(node)


def _condition(node: ConditionNode) -> typed.Condition:
    match node:
        case Comparison(field=field, op=op, value=value):
            return typed.Compare(field, op, value)
        case Membership(field=field, value=values):
            return typed.In(field, tuple(values))
        case Tagged(field=field, value=tag):
            return typed.HasAny(field, (tag,))
        case ManyTagged(field=field, op="has_any", value=tags):
            return typed.HasAny(field, tuple(tags))
        case ManyTagged(field=field, value=tags):
            return typed.HasAll(field, tuple(tags))
        case Existence(field=field):
            return typed.Exists(field)


def _all(parts: Sequence[FilterNode], depth: int) -> tuple[typed.Filter, ...]:
    return tuple(to_typed(part, depth + 1) for part in parts)
