"""From a question to passages: encode, one hybrid query, rank, explain."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from rag.errors import EmptyQuestionError
from rag.explain import LegTable, explanations
from rag.grouping import search_grouped
from rag.rerank import Rescored, first_stage, rescore, scored_by, usable_rerank
from rag.scripts import NOTICE, by_fulltext, unread
from rag.store.base import HybridQuery, TensorIndex, stale_index
from rag.types import Details, Leg, Passage, SearchResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.encoders.base import Encoder
    from rag.encoders.cross_encoder import CrossEncoder
    from rag.settings import SearchSettings
    from rag.store.base import Hit, Store
    from rag.store.filters import Filter
    from rag.types import Encoding

# Control characters and lone surrogates carry no meaning and are not valid UTF-8 text.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, and the question's encoding, which answering needs again."""

    result: SearchResult
    question: Encoding


def retrieve(
    store: Store,
    encoder: Encoder,
    question: str,
    collection: str,
    options: SearchSettings,
    where: Filter | None = None,
    details: Details = Details.NONE,
    cross_encoder: CrossEncoder | None = None,
) -> Retrieval:
    """Find the passages for a cleaned question, best first.

    Recall by every leg of `options`, fusion and tensor rerank are one engine query wherever
    the engine can; what they give is re-scored by the `cross_encoder`, if there is one.

    Raises: FilterError.
    """
    readable = by_fulltext(options) if unread(question, encoder.info.scripts) else None
    options = readable or options
    started = perf_counter()
    encoding = encoder.encode_question(question)
    encoded = perf_counter()
    query = build_query(question, encoding, options, where)
    first = search_grouped(store, collection, first_stage(query, options), options)
    searched = perf_counter()
    found = (
        rescore(cross_encoder, question, first, query.top_k) if cross_encoder else Rescored(first)
    )
    reranked = perf_counter()
    result = SearchResult(
        question=question,
        collection=collection,
        passages=_shown(store, encoder, collection, query, found.hits, details),
        notices=(
            *((NOTICE,) if readable else ()),
            *_cut_notice(encoding, encoder),
            *found.notices,
            *_empty_notice(store, collection, first),
            *_index_notice(store, collection, query),
        ),
        timings_ms={
            "encode": 1e3 * (encoded - started),
            "search": 1e3 * (searched - encoded),
            **({"rerank": 1e3 * (reranked - searched)} if cross_encoder else {}),
        },
        scored_by=scored_by(query),
    )
    return Retrieval(result, encoding)


def clean_question(question: str) -> str:
    """The question without control characters and surrounding white space.

    Raises: EmptyQuestionError when nothing is left.
    """
    text = UNPRINTABLE.sub(" ", question).strip()
    if not text:
        raise EmptyQuestionError("The question is empty; ask with at least one word.")
    return text


def build_query(
    text: str, encoding: Encoding, options: SearchSettings, where: Filter | None
) -> HybridQuery:
    """The engine's query for an encoded question."""
    return HybridQuery(
        text=text,
        encoding=encoding,
        legs=options.legs,
        rank_constant=options.rank_constant,
        rerank=usable_rerank(options.rerank, encoding),
        candidates=max(options.candidates, options.top_k),
        top_k=options.top_k,
        ef=options.ef,
        where=where,
        fusion=options.fusion,
        weights=options.weights,
        normalization=options.normalization,
        tensor_fusion=options.tensor_fusion,
        tensor_weight=options.tensor_weight,
    )


def _shown(
    store: Store,
    encoder: Encoder,
    collection: str,
    query: HybridQuery,
    hits: Sequence[Hit],
    details: Details,
) -> tuple[Passage, ...]:
    """The hits as passages, with the details that were asked for."""
    asked = details is not Details.NONE
    legs = LegTable.of(store.leg_scores(collection, query) if asked else {}, query)
    passages = _passages(hits, query, legs.ranks)
    if details is not Details.EXPLANATION:
        return passages
    rows = [(hit.row_id or hit.chunk.id, hit.chunk) for hit in hits]
    context = store.spec(collection).layout.context
    explained = explanations(encoder, query, legs, rows, context)
    return tuple(
        replace(passage, explanation=explanation)
        for passage, explanation in zip(passages, explained, strict=True)
    )


def _passages(
    hits: Sequence[Hit], query: HybridQuery, leg_ranks: Mapping[Leg, Mapping[str, int]]
) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            rank=rank,
            score=hit.score,
            relevance=_relevance(hit, query),
            chunk=hit.chunk,
            leg_ranks={
                leg: ranks.get(hit.row_id or hit.chunk.id) for leg, ranks in leg_ranks.items()
            },
            inside=hit.inside,
        )
        for rank, hit in enumerate(hits, 1)
    )


def _relevance(hit: Hit, query: HybridQuery) -> float | None:
    """Mean MaxSim per question token; fused scores say nothing of relevance."""
    return None if hit.maxsim is None else hit.maxsim / len(query.encoding.tokens)


def _empty_notice(store: Store, collection: str, hits: Sequence[Hit]) -> Iterator[str]:
    if not hits and store.describe(collection).rows == 0:
        yield (
            f"The collection {collection} is empty; "
            f"fill it with `trident index PATH --collection {collection}`."
        )


def _index_notice(store: Store, collection: str, query: HybridQuery) -> Iterator[str]:
    if Leg.TENSOR in query.legs and store.tensor_index(collection) is TensorIndex.STALE:
        yield stale_index(collection)


def _cut_notice(encoding: Encoding, encoder: Encoder) -> Iterator[str]:
    if encoding.truncated:
        yield (
            f"The question has {encoding.token_count} tokens or more; dense, sparse and tensor "
            f"search used the first {encoder.info.max_tokens}."
        )
