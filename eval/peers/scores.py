"""Each peer's runs, scored from their files, and ours held against each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data.trec import read_run
from eval.metrics import MAIN_MEASURE, evaluate, means
from eval.peers.folder import run_name
from eval.peers.registry import OURS, OURS_WAY
from eval.significance import compare
from eval.stats import summarize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.metrics import PerQuery
    from eval.peers.base import Way
    from eval.peers.comparison import Comparison
    from eval.peers.registry import PeerSpec
    from eval.significance import Comparison as Difference
    from eval.stats import Timing

OUR_RUN = run_name(OURS, OURS_WAY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Ours against a peer searched in a way.

    `lead` is ours minus theirs in nDCG@10, `significant` whether it is more than luck;
    `times_as_fast` is their p95 over ours.
    """

    lead: float
    p_value: float
    significant: bool
    times_as_fast: float

    @property
    def as_good(self) -> bool:
        """Our mean is not below theirs."""
        return self.lead >= 0

    @property
    def faster(self) -> bool:
        """Our p95 is below theirs."""
        return self.times_as_fast > 1


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A peer searched in a way; `verdict` is None for our own rows, or where ours failed."""

    spec: PeerSpec
    way: Way
    measures: Mapping[str, float]
    search_ms: Timing
    verdict: Verdict | None

    @property
    def name(self) -> str:
        """That of its run."""
        return run_name(self.spec.name, self.way)


def score(comparison: Comparison) -> list[PeerRow]:
    """A row for each peer and way, best first."""
    runs = {run_name(s.name, way): (s, way) for s in comparison.peers for way in s.ways}
    values = {name: _evaluate(comparison, *pair) for name, pair in runs.items()}
    times = {name: summarize(comparison.turns.milliseconds[name]) for name in runs}
    differences = _differences(values)
    rows = [
        PeerRow(
            spec,
            way,
            means(values[name]),
            times[name],
            None if spec.name == OURS else _verdict(name, differences, times),
        )
        for name, (spec, way) in runs.items()
    ]
    return sorted(rows, key=lambda row: (-row.measures[MAIN_MEASURE], row.name))


def _evaluate(comparison: Comparison, spec: PeerSpec, way: Way) -> PerQuery:
    run = read_run(comparison.folder.run(spec.name, way))
    return evaluate(comparison.data.selection.qrels, run)


def _differences(values: Mapping[str, PerQuery]) -> dict[str, Difference]:
    """Every peer's run against ours."""
    main = {name: list(found[MAIN_MEASURE].values()) for name, found in values.items()}
    ours = main.get(OUR_RUN)
    if ours is None:
        return {}
    others = {name: found for name, found in main.items() if not name.startswith(f"{OURS}_")}
    return compare(ours, others)


def _verdict(
    name: str, differences: Mapping[str, Difference], times: Mapping[str, Timing]
) -> Verdict | None:
    found = differences.get(name)
    if found is None:
        return None
    return Verdict(
        lead=0.0 - found.difference,  # which, unlike the sign, gives no -0.0
        p_value=found.corrected,
        significant=found.significant,
        times_as_fast=times[name].p95 / times[OUR_RUN].p95,
    )
