"""From a filter that is typed to the tree of `rag.store.filters`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from lark import Lark
from lark.exceptions import UnexpectedInput

from rag.errors import FilterError
from rag.where.build import BuildFilter
from rag.where.faults import sentence
from rag.where.grammar import GRAMMAR

if TYPE_CHECKING:
    from rag.store.filters import Filter


def parse_where(text: str) -> Filter:
    """The filter that `text` says; `rag.where.grammar` has the notation.

    Raises: FilterError that points at the first place that cannot be read.
    """
    try:
        return cast("Filter", _parser().parse(text))
    except UnexpectedInput as fault:
        raise FilterError(sentence(fault, text)) from fault


@cache
def _parser() -> Lark:
    """It builds the filter while it reads, so that no depth of nesting is too deep for it."""
    return Lark(GRAMMAR, start="disjunction", parser="lalr", transformer=BuildFilter())
