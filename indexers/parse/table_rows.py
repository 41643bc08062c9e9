"""Rows of a table as lines that can be understood alone: each value with its column's name."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def labelled_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """`name: value; name: value` for each row after the first that has values: the names."""
    filled = (row for row in rows if any(value.strip() for value in row))
    names = [name.strip() for name in next(filled, ())]
    only_names = True
    for row in filled:
        only_names = False
        pairs = zip_longest(names, row, fillvalue="")
        yield "; ".join(_labelled(name, value.strip()) for name, value in pairs if value.strip())
    if only_names and names:
        yield "; ".join(name for name in names if name)


def _labelled(name: str, value: str) -> str:
    return f"{name}: {value}" if name else value
