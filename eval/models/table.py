"""nDCG@10 of each representation and of what fuses them, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.metrics import MAIN_MEASURE, evaluate
from rerankers.fusion import reciprocal_rank_fusion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from eval.data.judgements import Qrels

    Matrix = npt.NDArray[np.float32]
    Ranking = list[int]

CANDIDATES = 100
DOCUMENTS = 100
RESAMPLES = 2000
BM25, DENSE, SPARSE, MAXSIM = "bm25", "dense", "sparse", "maxsim"
LEGS = (BM25, DENSE, SPARSE)
# Name in the table → the representations that are fused, and whether MaxSim then re-ranks.
FUSIONS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "RRF(dense, sparse)": ((DENSE, SPARSE), False),
    "RRF(bm25, dense)": ((BM25, DENSE), False),
    "RRF(bm25, dense, sparse)": (LEGS, False),
    "RRF(bm25, dense, sparse) → MaxSim": (LEGS, True),
    "RRF(bm25, dense, sparse, MaxSim)": ((*LEGS, MAXSIM), False),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and the 2.5th and 97.5th percentile of its bootstrap over questions."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Scored:
    """Exact scores of all chunks, float32 [questions, chunks], by representation."""

    question_ids: tuple[str, ...]
    documents: tuple[str, ...]
    scores: Mapping[str, Matrix]


def table(scored: Scored, qrels: Qrels, seed: int = 0) -> dict[str, Interval]:
    """nDCG@10 of the documents, each by its best chunk, for every row of the table."""
    rankers: dict[str, Callable[[int], Ranking]] = {
        name: _single(scored.scores[name]) for name in scored.scores
    }
    for name, (parts, rerank) in FUSIONS.items():
        rankers[name] = _fused([scored.scores[part] for part in parts], _maxsim(scored, rerank))
    return {name: bootstrap(_values(scored, qrels, rank), seed) for name, rank in rankers.items()}


def bootstrap(values: Sequence[float], seed: int) -> Interval:
    """Percentile bootstrap of the mean (Efron 1979), `RESAMPLES` times."""
    array = np.asarray(values)
    source = np.random.default_rng(seed)
    picks = source.integers(len(array), size=(RESAMPLES, len(array)))
    low, high = np.percentile(array[picks].mean(1), (2.5, 97.5))
    return Interval(float(array.mean()), float(low), float(high))


def _maxsim(scored: Scored, rerank: bool) -> Matrix | None:
    return scored.scores[MAXSIM] if rerank else None


def _single(scores: Matrix) -> Callable[[int], Ranking]:
    return lambda question: np.argsort(-scores[question], kind="stable").tolist()


def _fused(parts: Sequence[Matrix], reranker: Matrix | None) -> Callable[[int], Ranking]:
    def rank(question: int) -> Ranking:
        legs = [np.argsort(-part[question], kind="stable")[:CANDIDATES].tolist() for part in parts]
        fused = [chunk for chunk, _ in reciprocal_rank_fusion(legs)]
        if reranker is None:
            return fused
        best = fused[:CANDIDATES]
        return sorted(best, key=lambda chunk: -float(reranker[question, chunk]))

    return rank


def _values(scored: Scored, qrels: Qrels, rank: Callable[[int], Ranking]) -> list[float]:
    run = {
        id_: _documents(scored.documents, rank(place))
        for place, id_ in enumerate(scored.question_ids)
    }
    return list(evaluate(qrels, run)[MAIN_MEASURE].values())


def _documents(documents: Sequence[str], ranking: Ranking) -> dict[str, float]:
    """Documents in the order of their best chunks, scored by falling numbers."""
    ordered = list(dict.fromkeys(documents[chunk] for chunk in ranking))[:DOCUMENTS]
    return {document: float(-place) for place, document in enumerate(ordered)}
