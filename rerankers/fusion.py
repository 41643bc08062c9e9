"""Reciprocal rank fusion.

Cormack, Clarke & Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR.
"""

from __future__ import annotations

from math import fsum, isfinite
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Id = TypeVar("Id", str, int)

RANK_CONSTANT = 60


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[Id]],
    *,
    rank_constant: float = RANK_CONSTANT,
    weights: Sequence[float] | None = None,
) -> list[tuple[Id, float]]:
    """Fuse rankings (ids, best first) into one list of (id, score), best first.

    score(id) = Σ weight / (rank_constant + rank) over the rankings that hold the id; ranks
    count from 1, weights are 1 unless given. Equal scores are ordered by the best rank in
    any ranking, then by id, so the result depends on nothing else.

    Raises: ValueError for a negative rank constant or weight, a number of weights other
    than that of the rankings, or an id twice in one ranking.
    """
    given = [1.0] * len(rankings) if weights is None else list(weights)
    _check(rankings, rank_constant, given)
    terms: dict[Id, list[float]] = {}
    best_rank: dict[Id, int] = {}
    for weight, ranking in zip(given, rankings, strict=True):
        for rank, id_ in enumerate(ranking, 1):
            terms.setdefault(id_, []).append(weight / (rank_constant + rank))
            best_rank[id_] = min(rank, best_rank.get(id_, rank))
    # fsum: the score must not depend on the order of the rankings.
    fused = [(id_, fsum(parts)) for id_, parts in terms.items()]
    return sorted(fused, key=lambda item: (-item[1], best_rank[item[0]], item[0]))


def _check(rankings: Iterable[Sequence[Id]], rank_constant: float, weights: list[float]) -> None:
    rankings = list(rankings)
    if len(weights) != len(rankings):
        raise ValueError(f"{len(rankings)} rankings need as many weights, got {len(weights)}")
    if not all(isfinite(number) and number >= 0 for number in [rank_constant, *weights]):
        raise ValueError("the rank constant and the weights must be finite and not negative")
    if any(len(set(ranking)) < len(ranking) for ranking in rankings):
        raise ValueError("a ranking must not name an id twice")
