"""`trident search`: the passages for a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.cli.explanation import print_explanation
from rag.cli.options import (
    CollectionOption,
    ExplainOption,
    JsonOption,
    QuestionArgument,
    StoreOption,
    WhereOption,
    filter_from,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stdout
from rag.cli.search_flags import SearchFlags, takes_search_flags
from rag.cli.snippet import snippet
from rag.types import Details, ScoredBy

if TYPE_CHECKING:
    from rag.types import Passage, SearchResult

SCORE_NAMES = {
    ScoredBy.LEG: "the leg's score",
    ScoredBy.FUSION: "fused",
    ScoredBy.MAXSIM: "MaxSim",
    ScoredBy.CROSS_ENCODER: "cross-encoder",
}


@takes_search_flags
def search(
    question: QuestionArgument,
    flags: SearchFlags,
    collection: CollectionOption = None,
    where: WhereOption = None,
    store: StoreOption = None,
    explain: ExplainOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find passages: recall by any legs, fused, reranked by MaxSim."""
    from rag.service import Rag

    settings = settings_from(store, collection, search=flags.section())
    kept = filter_from(where)
    with Rag.open(settings) as rag:
        details = Details.EXPLANATION if explain else Details.LEG_RANKS
        result = rag.search(question, where=kept, details=details)
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
        stdout.print(
            f"   {place} · {describe_ranks(passage, result.scored_by)}", markup=False, style="dim"
        )
        if passage.explanation:
            print_explanation(passage.explanation, chunk.text)
        else:
            stdout.print(f"   {snippet(chunk.text, result.question)}", markup=False)
        for other in passage.inside:
            stdout.print(f"   also [{other.start}:{other.end}]", markup=False, style="dim")
    if not result.passages:
        stdout.print("No passages.")


def describe_ranks(passage: Passage, scored_by: ScoredBy) -> str:
    """Score and the rank in each leg; a dash where the leg did not find it."""
    score = f"{SCORE_NAMES[scored_by]} {passage.score:.4g}"
    if passage.relevance is not None:
        score += f" · {passage.relevance:.2f} MaxSim a token"
    ranks = (f"{leg} {f'#{rank}' if rank else '–'}" for leg, rank in passage.leg_ranks.items())
    return " · ".join([score, *ranks])
