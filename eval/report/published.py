"""Figures that others have published for MLDR, to stand beside ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from rag.types import Fusion, Leg, Rerank


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """nDCG@10 of a system on the test split of MLDR in one language.

    `legs`, `fusion`, `rerank` and `indexed` (the tensor leg searches by an index) say which
    of our configurations has the same shape (the models are others); no `legs`: none has.
    `fusion` is None where there is one leg.
    """

    source: str
    system: str
    language: str
    ndcg10: float
    legs: tuple[Leg, ...] | None
    rerank: Rerank | None
    fusion: Fusion | None
    indexed: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from."""

    name: str
    citation: str
    note: str
    figures: tuple[PublishedFigure, ...]


def published_sources(language: str) -> list[Source]:
    """Every source with its figures for a language, best first; none without a figure."""
    data = json.loads((files("eval.report") / "published.json").read_text(encoding="utf-8"))
    sources = [
        Source(
            name=source["name"],
            citation=source["citation"],
            note=source["note"],
            figures=_figures(source["name"], source["rows"], language),
        )
        for source in data["sources"]
    ]
    return [source for source in sources if source.figures]


def _figures(source: str, rows: list[dict[str, Any]], language: str) -> tuple[PublishedFigure, ...]:
    figures = [_figure(source, **row) for row in rows if row["language"] == language]
    return tuple(sorted(figures, key=lambda figure: -figure.ndcg10))


def _figure(
    source: str,
    *,
    system: str,
    language: str,
    ndcg10: float,
    legs: list[str] | None,
    rerank: str | None,
    fusion: str | None,
    indexed: bool,
) -> PublishedFigure:
    return PublishedFigure(
        source=source,
        system=system,
        language=language,
        ndcg10=ndcg10,
        legs=tuple(map(Leg, legs)) if legs else None,
        rerank=Rerank(rerank) if rerank else None,
        fusion=Fusion(fusion) if fusion else None,
        indexed=indexed,
    )
