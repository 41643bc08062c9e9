"""Typed filters over a collection's fields.

A filter is a tree of these nodes; `rag.store.sql` turns it into SQL. No string of a
user ever becomes part of an expression unquoted.

A row that lacks a field satisfies no condition on it, `ne` included; `Not` then holds.
A date is given as ISO 8601 text, and one without a time zone is UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from rag.types import Scalar  # noqa: TC001 - pydantic reads the annotations for rag.langchain


class Comparison(StrEnum):
    """How a field is compared with a value."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"


@dataclass(frozen=True, slots=True)
class Compare:
    """`field <op> value`; the value must have the field's type."""

    field: str
    op: Comparison
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """`field` is one of `values`; an empty set matches nothing."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class HasAny:
    """The tags of `field` include at least one of `tags`; an empty set matches nothing."""

    field: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasAll:
    """The tags of `field` include every one of `tags`; an empty set needs only the field."""

    field: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """The row has a value for `field`; an empty list of tags is one."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; no parts: everything matches."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds; no parts: nothing matches."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Filter


Condition: TypeAlias = Compare | In | HasAny | HasAll | Exists
Filter: TypeAlias = Condition | And | Or | Not
