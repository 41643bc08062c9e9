"""Published figures, each with our row of the same shape beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.metrics import MAIN_MEASURE
from eval.report.published import published_sources
from eval.sweep.configurations import Variant
from rag.types import Fusion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.report.published import PublishedFigure
    from eval.sweep.configurations import Configuration
    from eval.sweep.scores import Row

# What stands for a fusion of others among ours.
VARIANTS: Mapping[Fusion, Variant] = {
    Fusion.RRF: Variant.RRF,
    Fusion.WEIGHTED_SUM: Variant.MINMAX,
}


def beside_published(language: str | None, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each source with its figures as plain values; none for a set that is not MLDR."""
    if language is None:
        return []
    return [
        {
            "name": source.name,
            "citation": source.citation,
            "note": source.note,
            "figures": [_beside(figure, rows) for figure in source.figures],
        }
        for source in published_sources(language)
    ]


def _beside(figure: PublishedFigure, rows: Sequence[Row]) -> dict[str, Any]:
    ours = _same_shape(figure, rows)
    return {
        "system": figure.system,
        MAIN_MEASURE: figure.ndcg10,
        "ours": ours.run.name if ours else None,
        f"our {MAIN_MEASURE}": ours.scored.measures[MAIN_MEASURE] if ours else None,
    }


def _same_shape(figure: PublishedFigure, rows: Sequence[Row]) -> Row | None:
    """Our row with the same legs, fusion and rerank, of the fewest candidates, the best first."""
    same = [row for row in rows if _has_shape(row.run.configuration, figure)]
    return min(same, key=lambda row: row.run.configuration.candidates, default=None)


def _has_shape(configuration: Configuration, figure: PublishedFigure) -> bool:
    variant = VARIANTS[figure.fusion] if figure.fusion else Variant.RRF
    shape = (configuration.legs, configuration.rerank, configuration.variant, configuration.indexed)
    return shape == (figure.legs, figure.rerank, variant, figure.indexed)
