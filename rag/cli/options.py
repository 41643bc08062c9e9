"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.settings import Settings, load_settings
from rag.types import MOST_POOLING, ChunkContext, TensorStorage, Unit

if TYPE_CHECKING:
    from rag.store.filters import Filter

JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
CollectionOption = Annotated[
    str | None, typer.Option("--collection", "-c", help="Collection to use.", show_default=False)
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder of the database.", show_default=False)
]
QuestionArgument = Annotated[str, typer.Argument(help="What to look for, in plain words.")]
WhereOption = Annotated[
    str | None,
    typer.Option(
        "--where",
        help="Only passages for which this holds, such as 'year >= 2020 and lang in (en, de)'.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        help="Who answers: extractive, local, or provider:model.",
        metavar="MODEL",
        show_default=False,
    ),
]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Show what each leg and each word contributed.")
]
UnitOption = Annotated[
    Unit | None, typer.Option(help="What a row of a new collection is.", show_default=False)
]
TensorStorageOption = Annotated[
    TensorStorage | None,
    typer.Option(help="How a new collection keeps token vectors.", show_default=False),
]
TokenPoolingOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=MOST_POOLING,
        help="Token vectors of a new collection that become one.",
        show_default=False,
    ),
]

ContextOption = Annotated[
    ChunkContext | None,
    typer.Option(help="Headings that are encoded above each chunk.", show_default=False),
]


def layout_flags(
    unit: Unit | None,
    tensor_storage: TensorStorage | None,
    token_pooling: int | None,
    context: ChunkContext | None,
) -> dict[str, Any]:
    """The index section as far as flags give it."""
    return {
        "unit": unit,
        "tensor_storage": tensor_storage,
        "token_pooling": token_pooling,
        "context": context,
    }


def filter_from(where: str | None) -> Filter | None:
    """The filter of the `--where` option. Raises: FilterError."""
    if where is None:
        return None
    from rag.where.parse import parse_where

    return parse_where(where)


def settings_from(
    store: Path | None = None, collection: str | None = None, **sections: dict[str, Any]
) -> Settings:
    """Settings with the flags of a command over environment, file and defaults."""
    return load_settings({"store": {"path": store}, "collection": collection, **sections})
