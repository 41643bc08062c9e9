"""The flags that say how to search, declared once for every command that searches."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from rag.errors import SettingsError
from rag.types import Fusion, GroupBy, Leg, Normalization, Rerank

CROSS_ENCODER_HELP = "A folder, or organisation/name@commit, for the reranks that name it."
LEGS_HELP = f"Of {', '.join(Leg)}: comma-separated or repeated; one named twice counts once."


@dataclass(frozen=True, slots=True)
class SearchFlags:
    """One field a flag; None: not given, so the settings decide."""

    legs: Annotated[list[str] | None, typer.Option(help=LEGS_HELP, show_default=False)] = None
    fusion: Annotated[
        Fusion | None,
        typer.Option(help="How the legs become one ranking.", show_default=False),
    ] = None
    rank_constant: Annotated[int | None, typer.Option(help="k of rrf.", show_default=False)] = None
    weights: Annotated[
        list[str] | None,
        typer.Option(help="Of legs, such as dense=2,fulltext=0.5.", show_default=False),
    ] = None
    normalization: Annotated[
        Normalization | None,
        typer.Option(help="Of scores in weighted_sum.", show_default=False),
    ] = None
    rerank: Annotated[
        Rerank | None, typer.Option(help="What reorders the candidates.", show_default=False)
    ] = None
    tensor_fusion: Annotated[
        Fusion | None,
        typer.Option(help="How tensor+fuse joins both orders.", show_default=False),
    ] = None
    tensor_weight: Annotated[
        float | None,
        typer.Option(help="Share of MaxSim in tensor+fuse, 0 to 1.", show_default=False),
    ] = None
    cross_encoder: Annotated[
        str | None, typer.Option(metavar="NAME", help=CROSS_ENCODER_HELP, show_default=False)
    ] = None
    cross_encoder_candidates: Annotated[
        int | None, typer.Option(help="Passages that it re-scores.", show_default=False)
    ] = None
    candidates: Annotated[
        int | None, typer.Option(help="Per leg, fused and reranked.", show_default=False)
    ] = None
    top_k: Annotated[
        int | None, typer.Option("--top-k", "-k", help="Passages to return.", show_default=False)
    ] = None
    group_by: Annotated[
        GroupBy | None,
        typer.Option(help="doc_id: each document once, by its best passage.", show_default=False),
    ] = None

    def section(self) -> dict[str, Any]:
        """The search section of the settings as far as flags give it. Raises: SettingsError."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**given, "legs": _items(self.legs), "weights": _weights(self.weights)}


def takes_search_flags(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each field of `SearchFlags`, which it gets as `flags`.

    typer reads a command's options from its signature: that of what is returned has the
    fields in the place of `flags`.
    """
    hints = get_type_hints(SearchFlags, include_extras=True)
    shared = [_option(name, hints[name]) for name in hints]
    own = inspect.signature(command, eval_str=True).parameters

    @wraps(command)
    def run(**given: Any) -> None:
        flags = SearchFlags(**{option.name: given.pop(option.name) for option in shared})
        command(flags=flags, **given)

    options = [
        option for name, one in own.items() for option in (shared if name == "flags" else [one])
    ]
    vars(run)["__signature__"] = inspect.Signature(options)
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _option(name: str, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, kind, default=None, annotation=annotation)


def _items(given: list[str] | None) -> list[str] | None:
    """What is repeated and what is separated by commas, as one list; None when not given."""
    if given is None:
        return None
    return [item.strip() for text in given for item in text.split(",") if item.strip()]


def _weights(given: list[str] | None) -> dict[str, str] | None:
    items = _items(given)
    if items is None:
        return None
    pairs = [item.partition("=") for item in items]
    if not all(equals for _, equals, _ in pairs):
        raise SettingsError(f"Weights are given as dense=2,fulltext=0.5, not {','.join(items)!r}.")
    return {leg.strip(): weight.strip() for leg, _, weight in pairs}
