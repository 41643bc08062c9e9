"""What validation found, as one sentence and as JSON pointers into the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

# One sentence is to be read, and a body can be wrong in ten thousand places.
MOST_IN_SENTENCE = 3
MOST_FAULTS = 20
BODY = "body"  # else a fault is in the query


class FieldProblem(BaseModel):
    """One fault of one field."""

    pointer: str = Field(
        description="JSON pointer (RFC 6901) into the request's body; empty: the whole of it"
    )
    parameter: str | None = Field(
        default=None, description="name of the query parameter that is at fault, if one is"
    )
    detail: str

    @property
    def place(self) -> str:
        """What is at fault."""
        return self.parameter or self.pointer or "the body"


def field_problems(faults: Sequence[Any], body: Any) -> list[FieldProblem]:
    """The first faults of pydantic, each pointing at the part of `body` that it is about."""
    return [_field_problem(fault, body) for fault in faults[:MOST_FAULTS]]


def sentence(problems: Sequence[FieldProblem], count: int) -> str:
    """One sentence that names the first of `count` problems."""
    named = [f"{p.place}: {p.detail}" for p in problems[:MOST_IN_SENTENCE]]
    rest = count - MOST_IN_SENTENCE
    more = [f"and {rest} more"] if rest > 0 else []
    return f"The request is not valid: {'; '.join([*named, *more])}."


def _field_problem(fault: Any, body: Any) -> FieldProblem:
    where, *steps = fault["loc"]
    if where == BODY:
        return FieldProblem(pointer=_pointer(_path(fault, body)), detail=_detail(fault))
    return FieldProblem(pointer="", parameter=str(steps[0]), detail=_detail(fault))


def _path(fault: Any, body: Any) -> list[str | int]:
    """The steps of pydantic's location that the body has.

    Pydantic also names the members of unions, which are no part of the body. A missing
    field is none either, but it is what the fault is about.
    """
    path: list[str | int] = []
    steps = fault["loc"][1:]
    for step in steps:
        if _has(body, step):
            path.append(step)
            body = body[step]
    return [*path, steps[-1]] if fault["type"] == "missing" and steps else path


def _has(body: Any, step: str | int) -> bool:
    if isinstance(body, dict):
        return step in body
    return isinstance(body, list) and isinstance(step, int) and step < len(body)


def _pointer(path: Sequence[str | int]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _detail(fault: Any) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")
