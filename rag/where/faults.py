"""Says where a filter cannot be read, and what could stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark.exceptions import UnexpectedCharacters, UnexpectedToken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lark.exceptions import UnexpectedInput

END = "the end"
# What to call the terminals of the grammar, in the order in which they are offered.
NAMES: Mapping[str, str] = {
    "FIELD": "a field",
    "VALUE": "a value",
    "COMPARISON": "=, !=, <, <=, >, >=",
    "_IN": "in",
    "_HAS": "has",
    "_HAS_ANY": "has_any",
    "_HAS_ALL": "has_all",
    "_EXISTS": "exists",
    "_NOT": "not",
    "LPAR": '"("',
    "_COMMA": '","',
    "RPAR": '")"',
    "_AND": "and",
    "_OR": "or",
    "$END": END,
}


def sentence(fault: UnexpectedInput, text: str) -> str:
    """One sentence for the user; characters are counted from 1."""
    start, expected = _place(fault, text)
    if text[start : start + 1] in ("'", '"'):
        return f"The filter has a quotation mark at character {start + 1} that is not closed."
    named = [name for terminal, name in NAMES.items() if terminal in expected] or [END]
    before = text[:start].split()
    after = f" after {before[-1]}" if before else ""
    return f"The filter cannot be read: expected {_listed(named)}{after} at character {start + 1}."


def _place(fault: UnexpectedInput, text: str) -> tuple[int, Collection[str]]:
    """Where the fault is, and the terminals that could stand there."""
    if isinstance(fault, UnexpectedToken):
        at_end = fault.token.type == "$END"
        return len(text) if at_end else fault.token.start_pos or 0, fault.accepts or fault.expected
    if isinstance(fault, UnexpectedCharacters):
        return fault.pos_in_stream or 0, fault.allowed
    raise TypeError(f"an LALR parser raises no {type(fault).__name__}")


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
