"""From a question to passages: encode, one hybrid query, rank, explain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from rag.errors import EmptyQuestionError
from rag.store.base import HybridQuery
from rag.types import Leg, Passage, Rerank, SearchResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.encoders.base import Encoder
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
    explain: bool = False,
) -> Retrieval:
    """Find the passages for a cleaned question, best first.

    Recall by every leg of `options`, fusion and rerank are one engine query; `explain`
    adds one short query a leg for the ranks within the legs.

    Raises: FilterError.
    """
    started = perf_counter()
    encoding = encoder.encode_question(question)
    encoded = perf_counter()
    query = build_query(question, encoding, options, where)
    hits = store.search(collection, query)
    searched = perf_counter()
    leg_ranks = _leg_ranks(store.leg_rankings(collection, query)) if explain else {}
    result = SearchResult(
        question=question,
        collection=collection,
        passages=_passages(hits, query, leg_ranks),
        notices=(*_cut_notice(encoding, encoder), *_empty_notice(store, collection, hits)),
        timings_ms={"encode": 1e3 * (encoded - started), "search": 1e3 * (searched - encoded)},
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
        rerank=options.rerank if len(encoding.tokens) else Rerank.NONE,
        candidates=max(options.candidates, options.top_k),
        top_k=options.top_k,
        ef=options.ef,
        where=where,
    )


def _leg_ranks(rankings: Mapping[Leg, Sequence[str]]) -> dict[Leg, dict[str, int]]:
    return {leg: {id_: i for i, id_ in enumerate(ids, 1)} for leg, ids in rankings.items()}


def _passages(
    hits: Sequence[Hit], query: HybridQuery, leg_ranks: Mapping[Leg, Mapping[str, int]]
) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            rank=rank,
            score=hit.score,
            relevance=_relevance(hit, query),
            chunk=hit.chunk,
            leg_ranks={leg: ranks.get(hit.chunk.id) for leg, ranks in leg_ranks.items()},
        )
        for rank, hit in enumerate(hits, 1)
    )


def _relevance(hit: Hit, query: HybridQuery) -> float | None:
    """Mean MaxSim per question token; fused scores say nothing of relevance."""
    if query.rerank is Rerank.NONE:
        return None
    return hit.score / len(query.encoding.tokens)


def _empty_notice(store: Store, collection: str, hits: Sequence[Hit]) -> Iterator[str]:
    if not hits and store.describe(collection).rows == 0:
        yield (
            f"The collection {collection} is empty; "
            f"fill it with `trident index PATH --collection {collection}`."
        )


def _cut_notice(encoding: Encoding, encoder: Encoder) -> Iterator[str]:
    if encoding.truncated:
        yield (
            f"The question has {encoding.token_count} tokens or more; dense, sparse and tensor "
            f"search used the first {encoder.info.max_tokens}."
        )
