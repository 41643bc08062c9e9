"""Quality against a cost, as SVG that takes its colours from the page it is put in.

Matplotlib (Hunter 2007, Computing in Science & Engineering 9(3)) draws; it is an optional
dependency, the extra `eval`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from eval.metrics import MAIN_MEASURE
from eval.report.pareto import pareto_front

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

SIZE = (9.0, 4.5)  # inches
INK = "#010203"  # stands for the page's own colour of text
COLOURS = ("#3b82c4", "#d9822b", "#4c9f50", "#b5539b", "#8a8a8a", "#c9a227")
STYLE: dict[Any, Any] = {  # matplotlib types its keys one by one
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "trident",  # the same figures give the same file
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
PREAMBLE = re.compile(r"^.*?(?=<svg)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture, and the rows of its Pareto front in the order of their numbers in it."""

    title: str
    svg: str
    front: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost of a row, in the unit of its label."""

    title: str
    label: str
    of: Callable[[Mapping[str, Any]], float]


COSTS = (
    Cost(
        "Quality against latency",
        "search, p50 milliseconds, without encoding the question (log scale)",
        lambda row: float(row["search_ms"]["p50"]),
    ),
    Cost(
        "Quality against bytes",
        "columns searched, megabytes (log scale)",
        lambda row: row["index_bytes"] / 1e6,
    ),
)


def plots(rows: Rows) -> list[Plot]:
    """One for each cost; none where matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401 - asked for here, used below
    except ImportError:
        return []
    return [_plot(rows, cost) for cost in COSTS]


def _plot(rows: Rows, cost: Cost) -> Plot:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    points = [(cost.of(row), float(row[MAIN_MEASURE])) for row in rows]
    front = pareto_front(points)
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        _scatter(axes, rows, points)
        _front(axes, [points[index] for index in front])
        axes.set(xscale="log", xlabel=cost.label, ylabel=MAIN_MEASURE)
        _plain_numbers(axes)
        axes.grid(alpha=0.2)
        figure.legend(frameon=False, loc="outside upper center", ncols=len(COLOURS))
        return Plot(cost.title, _svg(figure), tuple(rows[index]["name"] for index in front))


def _scatter(axes: Any, rows: Rows, points: Sequence[tuple[float, float]]) -> None:
    names = list(dict.fromkeys(row["collection"] for row in rows))
    for number, name in enumerate(names):
        own = [point for row, point in zip(rows, points, strict=True) if row["collection"] == name]
        colour = COLOURS[number % len(COLOURS)]
        axes.scatter(*zip(*own, strict=True), s=22, alpha=0.75, color=colour, label=name)


def _front(axes: Any, points: Sequence[tuple[float, float]]) -> None:
    axes.plot(*zip(*points, strict=True), color=INK, linewidth=0.8, alpha=0.6, label="Pareto front")
    for number, point in enumerate(points, 1):
        axes.annotate(str(number), point, xytext=(-3, 5), textcoords="offset points", ha="right")


def _plain_numbers(axes: Any) -> None:
    """20 instead of 2 × 10¹."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())


def _svg(figure: Any) -> str:
    """Without the XML preamble, to stand inside a page."""
    file = StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return PREAMBLE.sub("", file.getvalue()).replace(INK, "currentColor")
