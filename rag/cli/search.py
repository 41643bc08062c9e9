"""`trident search`: the passages for a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.cli.options import (
    CandidatesOption,
    CollectionOption,
    JsonOption,
    LegsOption,
    QuestionArgument,
    RerankOption,
    StoreOption,
    TopKOption,
    search_flags,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stdout
from rag.cli.snippet import snippet

if TYPE_CHECKING:
    from rag.types import Passage, SearchResult


def search(
    question: QuestionArgument,
    collection: CollectionOption = None,
    top_k: TopKOption = None,
    candidates: CandidatesOption = None,
    legs: LegsOption = None,
    rerank: RerankOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages: dense, sparse and full-text recall, fused, reranked by MaxSim."""
    from rag.service import Rag

    flags = search_flags(top_k, candidates, legs, rerank)
    settings = settings_from(store, collection, search=flags)
    with Rag.open(settings) as rag:
        result = rag.search(question, explain=True)
    print_notices(result.notices)
    if as_json:
        print_json(result)
        return
    print_result(result)


def print_result(result: SearchResult) -> None:
    """Passages for a person to read."""
    for passage in result.passages:
        chunk = passage.chunk
        place = f"{chunk.doc_id} [{chunk.start}:{chunk.end}]"
        stdout.print(f"{passage.rank}. {chunk.title or chunk.doc_id}", markup=False, style="bold")
        stdout.print(f"   {place} · {describe_ranks(passage)}", markup=False, style="dim")
        stdout.print(f"   {snippet(chunk.text, result.question)}", markup=False)
    if not result.passages:
        stdout.print("No passages.")


def describe_ranks(passage: Passage) -> str:
    """Score and the rank in each leg; a dash where the leg did not find it."""
    score = (
        f"fused {passage.score:.5f}"
        if passage.relevance is None
        else f"MaxSim {passage.score:.2f} ({passage.relevance:.2f} a token)"
    )
    ranks = (f"{leg} {f'#{rank}' if rank else '–'}" for leg, rank in passage.leg_ranks.items())
    return " · ".join([score, *ranks])
