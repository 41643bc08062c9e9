"""Retrieval measures, by the ir-measures library (MacAvaney et al. 2022, arXiv:2111.13466)."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.data.judgements import Qrels

# Name in a report → name in ir-measures. The first is what everything is sorted and tested by.
MEASURES = {"nDCG@10": "nDCG@10", "recall@10": "R@10", "recall@100": "R@100", "MRR@10": "RR@10"}
MAIN_MEASURE = next(iter(MEASURES))

PerQuery: TypeAlias = "dict[str, dict[str, float]]"  # measure → question id → value


def evaluate(qrels: Qrels, run: Mapping[str, Mapping[str, float]]) -> PerQuery:
    """Each measure for each question of `qrels`, in its order; 0 where `run` has nothing.

    nDCG has the relevance as its gain and log2 discounts (Järvelin & Kekäläinen 2002); recall
    and MRR count every relevance above 0. A run is scores by question and document.
    """
    import ir_measures

    names = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    values: PerQuery = {ours: dict.fromkeys(qrels, 0.0) for ours in MEASURES}
    found = {query_id: dict(documents) for query_id, documents in run.items()}
    for metric in ir_measures.iter_calc(list(names), _plain(qrels), found):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def means(values: PerQuery) -> dict[str, float]:
    """The mean of each measure over its questions."""
    return {measure: mean(list(by_query.values())) for measure, by_query in values.items()}


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of at least one value."""
    return fsum(values) / len(values)


def _plain(qrels: Qrels) -> dict[str, dict[str, int]]:
    return {query_id: dict(documents) for query_id, documents in qrels.items()}
