"""Fusion of ranked lists: by rank (reciprocal rank fusion) or by score (weighted sum).

Cormack, Clarke & Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR. Bruch, Gai & Ingber 2023, "An analysis of fusion
functions for hybrid retrieval", TOIS 42(1), for the weighted sum of min-max scores.
"""

from __future__ import annotations

from math import atan, fsum, isfinite, pi
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Id = TypeVar("Id", str, int)
Normalize: TypeAlias = "Callable[[Sequence[float]], list[float]]"

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
    if not (isfinite(rank_constant) and rank_constant >= 0):
        raise ValueError("the rank constant must be finite and not negative")
    parts = [[1 / (rank_constant + rank) for rank, _ in enumerate(r, 1)] for r in rankings]
    return _sum(rankings, parts, weights)


def weighted_sum(
    rankings: Sequence[Sequence[tuple[Id, float]]],
    *,
    normalize: Normalize,
    weights: Sequence[float] | None = None,
) -> list[tuple[Id, float]]:
    """Fuse rankings of (id, score), best first, into one such list by their scores.

    score(id) = Σ weight · normalized score over the rankings that hold the id; `normalize`
    maps the scores of one ranking to [0, 1]. Weights and ties as in
    `reciprocal_rank_fusion`.

    Raises: ValueError as `reciprocal_rank_fusion`.
    """
    ids = [[id_ for id_, _ in ranking] for ranking in rankings]
    parts = [normalize([score for _, score in ranking]) for ranking in rankings]
    return _sum(ids, parts, weights)


def arctangent(scores: Sequence[float]) -> list[float]:
    """atan(score) / π + 1/2, in (0, 1): what Infinity's `weighted_sum` does.

    It needs no other score, but flattens large ones: 10 and 20 are .968 and .984.
    """
    return [atan(score) / pi + 0.5 for score in scores]


def min_max(scores: Sequence[float]) -> list[float]:
    """(score - least) / (greatest - least) within the list; 1 where all are equal."""
    if not scores:
        return []
    least, greatest = min(scores), max(scores)
    if least == greatest:
        return [1.0] * len(scores)
    return [(score - least) / (greatest - least) for score in scores]


def _sum(
    rankings: Sequence[Sequence[Id]],
    parts: Sequence[Sequence[float]],
    weights: Sequence[float] | None,
) -> list[tuple[Id, float]]:
    """Σ weight · part by id, best first."""
    given = [1.0] * len(rankings) if weights is None else list(weights)
    _check(rankings, given)
    terms: dict[Id, list[float]] = {}
    best_rank: dict[Id, int] = {}
    for weight, ranking, values in zip(given, rankings, parts, strict=True):
        for rank, (id_, value) in enumerate(zip(ranking, values, strict=True), 1):
            terms.setdefault(id_, []).append(weight * value)
            best_rank[id_] = min(rank, best_rank.get(id_, rank))
    # fsum: the score must not depend on the order of the rankings.
    fused = [(id_, fsum(values)) for id_, values in terms.items()]
    return sorted(fused, key=lambda item: (-item[1], best_rank[item[0]], item[0]))


def _check(rankings: Iterable[Sequence[Id]], weights: list[float]) -> None:
    rankings = list(rankings)
    if len(weights) != len(rankings):
        raise ValueError(f"{len(rankings)} rankings need as many weights, got {len(weights)}")
    if not all(isfinite(weight) and weight >= 0 for weight in weights):
        raise ValueError("the weights must be finite and not negative")
    if any(len(set(ranking)) < len(ranking) for ranking in rankings):
        raise ValueError("a ranking must not name an id twice")
