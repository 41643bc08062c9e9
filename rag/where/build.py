"""What each rule of the grammar means as a filter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token, Transformer, v_args

from rag.store.filters import And, Compare, Comparison, Exists, HasAll, HasAny, In, Not, Or

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.filters import Filter
    from rag.types import Scalar

COMPARISONS: Mapping[str, Comparison] = {
    "=": Comparison.EQ,
    "==": Comparison.EQ,
    "!=": Comparison.NE,
    "<>": Comparison.NE,
    "<": Comparison.LT,
    "<=": Comparison.LE,
    ">": Comparison.GT,
    ">=": Comparison.GE,
}
BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}
INTEGER = re.compile(r"[+-]?[0-9]{1,400}")  # Python converts no more than 4300 digits
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@v_args(inline=True)
class BuildFilter(Transformer[Token, "Filter"]):
    """A method for each rule of `rag.where.grammar`."""

    def disjunction(self, *parts: Filter) -> Filter:
        """At least one part holds."""
        return Or(parts)

    def conjunction(self, *parts: Filter) -> Filter:
        """All parts hold."""
        return And(parts)

    def negation(self, part: Filter) -> Filter:
        """The part does not hold."""
        return Not(part)

    def comparison(self, field: Token, operator: Token, value: Token) -> Filter:
        """`year >= 2020`."""
        return Compare(text_of(field), COMPARISONS[operator], value_of(value))

    def membership(self, field: Token, *values: Token) -> Filter:
        """`lang in (en, de)`."""
        return In(text_of(field), tuple(map(value_of, values)))

    def exclusion(self, field: Token, *values: Token) -> Filter:
        """`lang not in (en, de)`, which holds too where there is no `lang`."""
        return Not(self.membership(field, *values))

    def has_any(self, field: Token, *tags: Token) -> Filter:
        """`tags has a` and `tags has_any (a, b)`."""
        return HasAny(text_of(field), tuple(map(text_of, tags)))

    def has_all(self, field: Token, *tags: Token) -> Filter:
        """`tags has_all (a, b)`."""
        return HasAll(text_of(field), tuple(map(text_of, tags)))

    def exists(self, field: Token) -> Filter:
        """`year exists`."""
        return Exists(text_of(field))


def text_of(token: str) -> str:
    """The text of a token, out of its quotation marks."""
    return ESCAPED.sub(r"\1", token[1:-1]) if token[0] in "\"'" else str(token)


def value_of(token: str) -> Scalar:
    """A boolean or a number where the token reads as one, else text."""
    if token.lower() in BOOLEANS:
        return BOOLEANS[token.lower()]
    if INTEGER.fullmatch(token):
        return int(token)
    return float(token) if NUMBER.fullmatch(token) else text_of(token)
