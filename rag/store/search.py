"""Run a hybrid query: in one engine query where the engine can, else in the fewest.

The engine fuses by RRF without weights and by the weighted sum of arctangents, and orders
what it fused by MaxSim, all in one query. For other weights and norms each leg is one short
query, and their rankings are fused here; for tensor+fuse the first order is one more query
beside the one by MaxSim. Token vectors never leave the engine.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from rag.store.documents import best_of_each_document
from rag.store.query import (
    LEGS,
    SCORE,
    add_fusion,
    add_maxsim,
    engine_fuses,
    usable_legs,
    weights_of,
)
from rag.store.rows import CHUNK_OUTPUT, ID_OUTPUT, hits, scored_ids
from rag.store.tensors import fitted_query, fitted_scores
from rag.types import Fusion, Leg, Normalization, Rerank
from rerankers.fusion import arctangent, min_max, reciprocal_rank_fusion, weighted_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from rag.store.base import CollectionSpec, Hit, HybridQuery
    from rerankers.fusion import Normalize

    # Runs one engine query for these outputs; the function adds all but output and filter.
    Ask: TypeAlias = Callable[[list[str], Callable[[Any], Any]], Mapping[str, list[Any]]]
    Scored: TypeAlias = Sequence[tuple[str, float]]

NORMS: Mapping[Normalization, Normalize] = {
    Normalization.MINMAX: min_max,
    Normalization.ATAN: arctangent,
}


class HybridSearch:
    """One query on one collection; `ask` applies its filter, and so every leg does."""

    def __init__(self, spec: CollectionSpec, query: HybridQuery, ask: Ask):
        self._spec = spec
        self._given = query
        self._query = fitted_query(spec, query)
        self._ask = ask
        self._legs = usable_legs(query)

    def hits(self) -> list[Hit]:
        """Best first, at most `top_k`."""
        if not self._legs:
            return []
        found = RERANKS.get(self._rerank, HybridSearch._in_first_order)(self)
        found = best_of_each_document(self._spec, found)
        return found[: self._query.top_k]

    def ranking(self, leg: Leg) -> list[tuple[str, float]]:
        """(chunk id, the leg's own score), best first, at most `candidates`."""
        if leg not in self._legs:
            return []
        rows = self._query.candidates
        return scored_ids(self._ask([*ID_OUTPUT, LEGS[leg].score], partial(self._add, leg, rows)))

    @property
    def _rerank(self) -> Rerank:
        return self._query.rerank if len(self._query.encoding.tokens) else Rerank.NONE

    @property
    def _last(self) -> int:
        """Rows of the last stage: twice what is returned, since while a document is replaced
        its chunks may be there in two generations."""
        return min(self._query.candidates, 2 * self._query.top_k)

    def _in_first_order(self) -> list[Hit]:
        if engine_fuses(self._query, self._legs):
            return self._engine_hits()
        rankings = [self._leg_hits(leg) for leg in self._legs]
        by_id = {hit.chunk.id: hit for ranking in rankings for hit in ranking}
        fused = self._fuse([[(hit.chunk.id, hit.score) for hit in found] for found in rankings])
        return [replace(by_id[id_], score=score) for id_, score in fused]

    def _by_maxsim(self) -> list[Hit]:
        if engine_fuses(self._query, self._legs):
            return self._maxsim_hits(self._query.candidates, self._last)
        return self._maxsim_of([id_ for id_, _ in self._first_stage()])

    def _by_both(self) -> list[Hit]:
        first = self._first_stage()
        by_id = {hit.chunk.id: hit for hit in self._maxsim_of([id_ for id_, _ in first])}
        maxsim = [(id_, hit.score) for id_, hit in by_id.items()]
        fused = self._joined([(id_, score) for id_, score in first if id_ in by_id], maxsim)
        return [replace(by_id[id_], score=score) for id_, score in fused]

    def _joined(self, first: Scored, maxsim: Scored) -> list[tuple[str, float]]:
        """Both rankings of the same candidates as one."""
        query = self._query
        weights = [1 - query.tensor_weight, query.tensor_weight]
        if query.tensor_fusion is Fusion.RRF:
            return _rrf([first, maxsim], query.rank_constant, weights)
        return weighted_sum([first, maxsim], normalize=min_max, weights=weights)

    def _first_stage(self) -> list[tuple[str, float]]:
        """The candidates with their scores, in the order of the first stage."""
        if engine_fuses(self._query, self._legs):
            output = [*ID_OUTPUT, self._score]
            return scored_ids(self._ask(output, partial(self._recall, self._query.candidates)))
        return self._fuse([self.ranking(leg) for leg in self._legs])

    def _fuse(self, rankings: Sequence[Scored]) -> list[tuple[str, float]]:
        """The best candidates of the legs' rankings."""
        query, weights = self._query, weights_of(self._query, self._legs)
        if query.fusion is Fusion.RRF:
            fused = _rrf(rankings, query.rank_constant, weights)
        else:
            fused = weighted_sum(rankings, normalize=NORMS[query.normalization], weights=weights)
        return fused[: query.candidates]

    def _maxsim_of(self, ids: Collection[str]) -> list[Hit]:
        """These candidates by MaxSim.

        The engine scores what the legs find again: to look rows up by their ids, it would
        read every row's id.
        """
        fused = engine_fuses(self._query, self._legs)
        rows = self._query.candidates * (1 if fused else len(self._legs))
        wanted = set(ids)
        return [hit for hit in self._maxsim_hits(rows, rows) if hit.chunk.id in wanted]

    def _engine_hits(self) -> list[Hit]:
        found = hits(self._ask([*CHUNK_OUTPUT, self._score], partial(self._recall, self._last)))
        return self._with_maxsim(found) if self._legs == (Leg.TENSOR,) else found

    def _leg_hits(self, leg: Leg) -> list[Hit]:
        output = [*CHUNK_OUTPUT, LEGS[leg].score]
        return hits(self._ask(output, partial(self._add, leg, self._query.candidates)))

    def _maxsim_hits(self, first: int, last: int) -> list[Hit]:
        """The `last` best by MaxSim of the `first` that recall gives."""

        def complete(builder: Any) -> Any:
            return add_maxsim(self._recall(first, builder), self._query, last)

        return self._with_maxsim(hits(self._ask([*CHUNK_OUTPUT, SCORE], complete)))

    def _with_maxsim(self, found: list[Hit]) -> list[Hit]:
        scored = fitted_scores(self._spec, self._given, found)
        return [replace(hit, maxsim=hit.score) for hit in scored]

    @property
    def _score(self) -> str:
        """The output that holds the score of what the engine recalls."""
        return LEGS[self._legs[0]].score if len(self._legs) == 1 else SCORE

    def _recall(self, rows: int, builder: Any) -> Any:
        """The legs fused by the engine; a single leg needs no fusion and keeps its own score."""
        if len(self._legs) == 1:
            return self._add(self._legs[0], rows, builder)
        for leg in self._legs:
            self._add(leg, self._query.candidates, builder)
        return add_fusion(builder, self._query, self._legs, rows)

    def _add(self, leg: Leg, rows: int, builder: Any) -> Any:
        return LEGS[leg].add(builder, self._query, rows)


def _rrf(
    rankings: Sequence[Scored], rank_constant: int, weights: Sequence[float]
) -> list[tuple[str, float]]:
    ids = [[id_ for id_, _ in ranking] for ranking in rankings]
    return reciprocal_rank_fusion(ids, rank_constant=rank_constant, weights=weights)


# How the candidates are ordered; what is not here leaves them in the order of the first stage.
RERANKS: Mapping[Rerank, Callable[[HybridSearch], list[Hit]]] = {
    Rerank.TENSOR: HybridSearch._by_maxsim,
    Rerank.TENSOR_FUSE: HybridSearch._by_both,
}
