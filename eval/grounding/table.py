"""The report of `trident eval grounding` for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eval.grounding.metrics import Quality
    from eval.grounding.run import GroundingReport, SetReport, SystemScores

HEADING = (
    "| Scored by | AUC | balanced accuracy | F1 | hard half: AUC | beyond overlap |",
    "|---|---|---|---|---|---|",
)


def table(report: GroundingReport) -> str:
    """Markdown: one table a set, and the costs."""
    return "\n".join(_lines(report))


def _lines(report: GroundingReport) -> Iterator[str]:
    for each in report.sets:
        yield f"{each.name}, {each.part} part: {each.answers} answers, {_claimless(each)}"
        yield ""
        yield from HEADING
        yield from map(_row, each.systems)
        yield ""
        for system in each.systems:
            by_source = ", ".join(f"{name} {auc:.3f}" for name, auc in system.sources.items())
            yield f"AUC of {system.system} by source: {by_source}"
        yield ""
    costs = ", ".join(f"{step} {spent:.1f}" for step, spent in report.cost_ms.items())
    yield f"Milliseconds a claim: {costs}"


def _claimless(each: SetReport) -> str:
    return f"{each.without_claims} of them without a claim"


def _row(system: SystemScores) -> str:
    gain = system.gain
    beyond = f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]" if gain else ""
    cells = [system.system, *_cells(system.whole), _auc(system.hard), beyond]
    return f"| {' | '.join(cells)} |"


def _cells(quality: Quality | None) -> list[str]:
    if quality is None:
        return ["", "", ""]
    return [_auc(quality), f"{quality.balanced_accuracy:.3f}", f"{quality.f1:.3f}"]


def _auc(quality: Quality | None) -> str:
    auc = quality and quality.auc
    return f"{auc.value:.3f} [{auc.low:.3f}, {auc.high:.3f}]" if auc else ""
