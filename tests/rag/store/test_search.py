"""Every combination of legs, fusion and rerank gives what exact computation in Python gives."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from rag.store.base import FieldType
from rag.store.filters import Compare, Comparison
from rag.types import Fusion, Leg, Normalization, Rerank
from rerankers.fusion import arctangent, min_max, reciprocal_rank_fusion, weighted_sum
from rerankers.maxsim import maxsim
from tests.rag.store.rows import document, encoding, query, spec

if TYPE_CHECKING:
    from rag.store.base import HybridQuery
    from rag.store.embedded import EmbeddedStore

DOCUMENTS = [
    document(f"d{i}", "some words", f"apple number {i}", "pear", metadata={"year": 2000 + i})
    for i in range(20)
]
TOKENS = {row.chunk.id: row.encoding.tokens for d in DOCUMENTS for row in d.rows}
SUBSETS = [legs for size in range(1, 5) for legs in combinations(Leg, size)]
SEVERAL = [(Leg.DENSE, Leg.FULLTEXT), (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT), tuple(Leg)]
WEIGHTS = {Leg.DENSE: 0.5, Leg.FULLTEXT: 3.0, Leg.TENSOR: 1.5}
FUSIONS = {
    "rrf": {},
    "rrf, other constant": {"rank_constant": 7},
    "weighted rrf": {"weights": WEIGHTS},
    "atan": {"fusion": Fusion.WEIGHTED_SUM, "normalization": Normalization.ATAN},
    "weighted atan": {
        "fusion": Fusion.WEIGHTED_SUM,
        "normalization": Normalization.ATAN,
        "weights": WEIGHTS,
    },
    "minmax": {"fusion": Fusion.WEIGHTED_SUM},
    "weighted minmax": {"fusion": Fusion.WEIGHTED_SUM, "weights": WEIGHTS},
}
# 20 of the 60 rows a leg: what is fused is not what any leg alone would give.
ASKED = query("apple number 7", encoded=encoding(5), candidates=20, top_k=20)
NORMS = {Normalization.ATAN: arctangent, Normalization.MINMAX: min_max}


@pytest.fixture(scope="module")
def grove(store: EmbeddedStore) -> str:
    store.create_collection(spec("grove", {"year": FieldType.INTEGER}))
    store.write("grove", DOCUMENTS)
    store.wait_until_searchable("grove", 30)
    return "grove"


def exact_maxsim(asked: HybridQuery, chunk_id: str) -> float:
    tokens = TOKENS[chunk_id]
    return float(maxsim(asked.encoding.tokens, tokens, [0, len(tokens)])[0])


def exact_fusion(store: EmbeddedStore, name: str, asked: HybridQuery) -> list[tuple[str, float]]:
    """The candidates, from the legs' own rankings."""
    legs = store.leg_scores(name, asked)
    if len(legs) == 1:
        return next(iter(legs.values()))
    weights = [asked.weights.get(leg, 1.0) for leg in legs]
    if asked.fusion is Fusion.RRF:
        ids = [[id_ for id_, _ in ranking] for ranking in legs.values()]
        fused = reciprocal_rank_fusion(ids, rank_constant=asked.rank_constant, weights=weights)
    else:
        normalize = NORMS[asked.normalization]
        fused = weighted_sum(list(legs.values()), normalize=normalize, weights=weights)
    return fused[: asked.candidates]


def exact_result(store: EmbeddedStore, name: str, asked: HybridQuery) -> dict[str, float]:
    if asked.rerank is Rerank.NONE:
        return dict(exact_fusion(store, name, asked))
    # What fusion scores alike is settled by its own order, which is tested without a rerank.
    found = store.search(name, replace(asked, rerank=Rerank.NONE))
    first = {hit.chunk.id: hit.score for hit in found}
    scores = {id_: exact_maxsim(asked, id_) for id_ in first}
    if asked.rerank is Rerank.TENSOR:
        return scores
    weights = [1 - asked.tensor_weight, asked.tensor_weight]
    if asked.tensor_fusion is Fusion.WEIGHTED_SUM:
        both = [list(first.items()), list(scores.items())]
        return dict(weighted_sum(both, normalize=min_max, weights=weights))
    by_maxsim = sorted(first, key=lambda id_: -scores[id_])
    rankings = [list(first), by_maxsim]
    return dict(
        reciprocal_rank_fusion(rankings, rank_constant=asked.rank_constant, weights=weights)
    )


def assert_as_computed(store: EmbeddedStore, name: str, asked: HybridQuery) -> None:
    """The same scores in the same places; passages of one score may be in any order."""
    found = {hit.chunk.id: hit.score for hit in store.search(name, asked)}
    expected = exact_result(store, name, asked)
    assert list(found.values()) == pytest.approx(
        sorted(expected.values(), reverse=True), rel=1e-4, abs=1e-5
    )
    last = min(found.values())
    for id_, score in found.items():
        # At the cut, the engine and we may choose different ones of the same score.
        assert score == pytest.approx(expected.get(id_, last), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("rerank", [Rerank.NONE, Rerank.TENSOR, Rerank.TENSOR_FUSE])
@pytest.mark.parametrize("legs", SUBSETS, ids="+".join)
def test_every_set_of_legs_with_every_rerank(
    store: EmbeddedStore, grove: str, legs: tuple[Leg, ...], rerank: Rerank
) -> None:
    assert_as_computed(store, grove, replace(ASKED, legs=legs, rerank=rerank))


@pytest.mark.parametrize("rerank", [Rerank.NONE, Rerank.TENSOR, Rerank.TENSOR_FUSE])
@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("legs", SEVERAL, ids="+".join)
def test_every_fusion_of_several_legs(
    store: EmbeddedStore, grove: str, legs: tuple[Leg, ...], fusion: str, rerank: Rerank
) -> None:
    assert_as_computed(store, grove, replace(ASKED, legs=legs, rerank=rerank, **FUSIONS[fusion]))


@pytest.mark.parametrize("legs", SUBSETS, ids="+".join)
@pytest.mark.parametrize("fusion", ["rrf", "weighted rrf"])
@pytest.mark.parametrize("rerank", [Rerank.NONE, Rerank.TENSOR_FUSE])
def test_a_filter_applies_inside_each_leg(
    store: EmbeddedStore, grove: str, legs: tuple[Leg, ...], fusion: str, rerank: Rerank
) -> None:
    """Were it applied afterwards, hardly any of the 20 candidates would be left."""
    late = replace(
        ASKED,
        legs=legs,
        rerank=rerank,
        where=Compare("year", Comparison.GE, 2018),
        **FUSIONS[fusion],
    )
    found = {hit.chunk.id for hit in store.search(grove, late)}
    recalled = {id_ for ranking in store.leg_rankings(grove, late).values() for id_ in ranking}
    assert found == recalled
    assert {id_.split("#")[0] for id_ in found} == {"d18", "d19"}


def test_the_tensor_leg_ranks_all_rows_by_exact_maxsim(store: EmbeddedStore, grove: str) -> None:
    asked = replace(ASKED, legs=(Leg.TENSOR,), rerank=Rerank.NONE)
    expected = sorted(TOKENS, key=lambda id_: -exact_maxsim(asked, id_))[:20]
    hits = store.search(grove, asked)
    assert [hit.chunk.id for hit in hits] == expected
    assert [hit.maxsim for hit in hits] == [hit.score for hit in hits]


@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("tensor_fusion", Fusion)
def test_both_ways_to_join_the_first_stage_and_maxsim(
    store: EmbeddedStore, grove: str, tensor_fusion: Fusion, fusion: str
) -> None:
    asked = replace(ASKED, rerank=Rerank.TENSOR_FUSE, tensor_weight=0.3, **FUSIONS[fusion])
    assert_as_computed(store, grove, replace(asked, tensor_fusion=tensor_fusion))


@pytest.mark.parametrize(("weight", "same_as"), [(0.0, Rerank.NONE), (1.0, Rerank.TENSOR)])
def test_all_the_weight_on_one_side_of_tensor_fuse_is_the_order_of_that_side(
    store: EmbeddedStore, grove: str, weight: float, same_as: Rerank
) -> None:
    fused = store.search(grove, replace(ASKED, rerank=Rerank.TENSOR_FUSE, tensor_weight=weight))
    alone = store.search(grove, replace(ASKED, rerank=same_as))
    scores = {hit.chunk.id: hit.score for hit in alone}  # equal ones may be in any order
    assert [scores[hit.chunk.id] for hit in fused] == [hit.score for hit in alone]


def test_tensor_fuse_tells_the_maxsim_of_every_hit(store: EmbeddedStore, grove: str) -> None:
    asked = replace(ASKED, rerank=Rerank.TENSOR_FUSE, top_k=5)
    hits = store.search(grove, asked)
    assert len(hits) == 5
    for hit in hits:
        assert hit.maxsim == pytest.approx(exact_maxsim(asked, hit.chunk.id), abs=1e-4)


@pytest.mark.parametrize("rerank", [Rerank.TENSOR, Rerank.TENSOR_FUSE])
def test_a_question_without_tokens_keeps_the_order_of_the_other_legs(
    store: EmbeddedStore, grove: str, rerank: Rerank
) -> None:
    bare = replace(ASKED.encoding, tokens=ASKED.encoding.tokens[:0])
    asked = replace(ASKED, encoding=bare, legs=tuple(Leg), rerank=rerank)
    without = replace(ASKED, legs=(Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT), rerank=Rerank.NONE)
    assert [hit.chunk.id for hit in store.search(grove, asked)] == [
        hit.chunk.id for hit in store.search(grove, without)
    ]
