"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from rag.settings import Settings, load_settings
from rag.types import Leg, Rerank

JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
CollectionOption = Annotated[
    str | None, typer.Option("--collection", "-c", help="Collection to use.", show_default=False)
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder of the database.", show_default=False)
]
QuestionArgument = Annotated[str, typer.Argument(help="What to look for, in plain words.")]
TopKOption = Annotated[
    int | None, typer.Option("--top-k", "-k", help="Passages to return.", show_default=False)
]
CandidatesOption = Annotated[
    int | None,
    typer.Option(help="Candidates per leg, fused and reranked.", show_default=False),
]
LegsOption = Annotated[
    str | None,
    typer.Option(help=f"Comma-separated legs of {', '.join(Leg)}.", show_default=False),
]
RerankOption = Annotated[
    Rerank | None, typer.Option(help="What reorders the candidates.", show_default=False)
]


def search_flags(
    top_k: int | None, candidates: int | None, legs: str | None, rerank: Rerank | None
) -> dict[str, Any]:
    """The search section as far as flags give it."""
    chosen = tuple(leg.strip() for leg in legs.split(",") if leg.strip()) if legs else None
    return {"top_k": top_k, "candidates": candidates, "legs": chosen, "rerank": rerank}


def settings_from(
    store: Path | None = None, collection: str | None = None, **sections: dict[str, Any]
) -> Settings:
    """Settings with the flags of a command over environment, file and defaults."""
    return load_settings({"store": {"path": store}, "collection": collection, **sections})
