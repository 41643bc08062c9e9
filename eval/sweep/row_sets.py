"""Sets of configurations by name, and the choice among them."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING

from eval.sweep.configurations import RECALL_LEGS, RERANKS, SHARES, Configuration, Variant
from rag.errors import InputError
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Build = Callable[[Sequence[int]], Iterable[Configuration]]

MAIN_FUSIONS = (Variant.RRF, Variant.MINMAX)
FURTHER_FUSIONS = (
    Variant.ATAN,
    Variant.DENSE_TWICE,
    Variant.SPARSE_TWICE,
    Variant.FULLTEXT_TWICE,
)


class RowSet(StrEnum):
    """LEGS ⊂ QUICK ⊂ STANDARD ⊂ FULL."""

    LEGS = "legs"
    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


def chosen(wanted: Sequence[str], candidates: Sequence[int]) -> list[Configuration]:
    """The configurations of these sets, and those whose names match these shell patterns.

    The single legs are always among them: they are the baselines. Raises: InputError.
    """
    depths = sorted(set(candidates))
    known = list(_full(depths))
    picked = {one for want in wanted for one in _picked(want, known, depths)}
    picked.update(_legs(depths))
    return [configuration for configuration in known if configuration in picked]


def _picked(
    want: str, known: Sequence[Configuration], depths: Sequence[int]
) -> list[Configuration]:
    if want in set(RowSet):
        return list(BUILDERS[RowSet(want)](depths))
    matching = [one for one in known if fnmatchcase(one.name, want)]
    if not matching:
        raise InputError(
            f"There are no rows {want!r}: name a set ({', '.join(RowSet)}) or a pattern of rows, "
            f"such as {known[-1].name!r} or '*_tensor_{depths[0]}'."
        )
    return matching


def _legs(depths: Sequence[int]) -> Iterator[Configuration]:
    """Once: more candidates lengthen a leg's ranking, and leave its beginning as it is."""
    return (Configuration((leg,), Rerank.NONE, depths[0]) for leg in RECALL_LEGS)


def _quick(depths: Sequence[int]) -> Iterator[Configuration]:
    """The legs, and their fusion with every rerank."""
    yield from _legs(depths)
    yield from (Configuration(RECALL_LEGS, rerank, depths[0]) for rerank in RERANKS)


def _standard(depths: Sequence[int]) -> Iterator[Configuration]:
    """Every set of legs with every main fusion, rerank and depth; the tensor leg as ranker."""
    yield from _legs(depths)
    for depth in depths:
        yield from _single_reranked(depth)
        yield from _fused(depth)
    yield Configuration((Leg.TENSOR,), Rerank.NONE, depths[0])
    yield Configuration((Leg.TENSOR,), Rerank.NONE, depths[0], indexed=True)
    yield Configuration((*RECALL_LEGS, Leg.TENSOR), Rerank.NONE, depths[0], indexed=True)


def _full(depths: Sequence[int]) -> Iterator[Configuration]:
    """And, with the fewest candidates, other fusions and other shares of the MaxSim rank."""
    yield from _standard(depths)
    for variant in FURTHER_FUSIONS:
        yield from (Configuration(RECALL_LEGS, r, depths[0], variant) for r in RERANKS)
    for variant in SHARES:
        yield Configuration(RECALL_LEGS, Rerank.TENSOR_FUSE, depths[0], variant)


def _single_reranked(depth: int) -> Iterator[Configuration]:
    for leg in RECALL_LEGS:
        reranks = (rerank for rerank in RERANKS if rerank is not Rerank.NONE)
        yield from (Configuration((leg,), rerank, depth) for rerank in reranks)


def _fused(depth: int) -> Iterator[Configuration]:
    for size in range(2, len(RECALL_LEGS) + 1):
        for legs in combinations(RECALL_LEGS, size):
            for variant in MAIN_FUSIONS:
                yield from (Configuration(legs, rerank, depth, variant) for rerank in RERANKS)


BUILDERS: Mapping[RowSet, Build] = {
    RowSet.LEGS: _legs,
    RowSet.QUICK: _quick,
    RowSet.STANDARD: _standard,
    RowSet.FULL: _full,
}
