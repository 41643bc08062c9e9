"""Options of the commands that sweep over every way to retrieve, and what they lead to."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rag.errors import InputError
from rag.types import MOST_POOLING, Layout, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.sweep.plan import SweepOptions
    from rag.settings import Settings

Choice = TypeVar("Choice", bound=StrEnum)

OutOption = Annotated[
    Path, typer.Option(help="Folder for everything that is made; the same again goes on there.")
]
LimitDocsOption = Annotated[
    int | None,
    typer.Option(min=1, help="Use so many documents; marks the result as partial."),
]
LimitQueriesOption = Annotated[
    int | None,
    typer.Option(min=1, help="Ask so many questions; marks the result as partial."),
]
CandidatesOption = Annotated[
    list[int] | None,
    typer.Option(min=10, max=1000, help="Candidates per leg; repeatable. Default: 100 and 1000."),
]
RowsOption = Annotated[
    list[str] | None,
    typer.Option(
        help="legs, quick, standard (default) or full, or a pattern of rows such as "
        "'*_tensor_100'; repeatable, or comma-separated."
    ),
]
UnitsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unit", help=f"What a row is: {', '.join(Unit)}; repeatable, or comma-separated."
    ),
]
StoragesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tensor-storage",
        help=f"Of token vectors: {', '.join(TensorStorage)}; repeatable, or comma-separated.",
    ),
]
PoolingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--token-pooling",
        help=f"Token vectors that become one, 1 to {MOST_POOLING}; repeatable, or comma-separated.",
    ),
]
SubsetOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=FILE",
        help="Score these questions by themselves, too: ids of questions, or of the documents "
        "that answer them; repeatable. Nothing is searched again.",
    ),
]


def sweep_options(
    settings: Settings,
    units: list[str] | None,
    storages: list[str] | None,
    poolings: list[str] | None,
    candidates: list[int] | None,
    rows: list[str] | None,
) -> SweepOptions:
    """What the flags ask for; what they do not say is as in the settings. Raises: InputError."""
    from eval.sweep.plan import CANDIDATES, SweepOptions
    from eval.sweep.row_sets import RowSet

    layout = settings.index.over(Layout())
    return SweepOptions(
        units=_choices(Unit, units) or [layout.unit],
        storages=_choices(TensorStorage, storages) or [layout.tensor_storage],
        token_poolings=[_pooling(text) for text in _parts(poolings)] or [layout.token_pooling],
        candidates=candidates or CANDIDATES,
        rows=_parts(rows) or [RowSet.STANDARD],
    )


def _choices(kind: type[Choice], given: Sequence[str] | None) -> list[Choice]:
    return [_choice(kind, text) for text in _parts(given)]


def _choice(kind: type[Choice], text: str) -> Choice:
    if text not in set(kind):
        raise InputError(f"There is no {text!r} here; choose among {', '.join(kind)}.")
    return kind(text)


def _pooling(text: str) -> int:
    if text not in map(str, range(1, MOST_POOLING + 1)):
        raise InputError(f"Token pooling is a number from 1 to {MOST_POOLING}, not {text!r}.")
    return int(text)


def _parts(given: Sequence[str] | None) -> list[str]:
    return [part.strip() for text in given or () for part in text.split(",") if part.strip()]
