"""`trident ask`: an answer with citations."""

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

if TYPE_CHECKING:
    from rag.types import Answer


def ask(
    question: QuestionArgument,
    collection: CollectionOption = None,
    top_k: TopKOption = None,
    candidates: CandidatesOption = None,
    legs: LegsOption = None,
    rerank: RerankOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the collection, every sentence with its source."""
    from rag.service import Rag

    flags = search_flags(top_k, candidates, legs, rerank)
    settings = settings_from(store, collection, search=flags)
    with Rag.open(settings) as rag:
        answer = rag.ask(question, explain=as_json)  # only the JSON shows the ranks
    print_notices(answer.search.notices)
    if as_json:
        print_json(answer)
        return
    print_answer(answer)


def print_answer(answer: Answer) -> None:
    """An answer and its sources for a person to read."""
    stdout.print(answer.text, markup=False)
    for citation in answer.citations:
        place = f"{citation.doc_id} [{citation.start}:{citation.end}]"
        line = f"  [{citation.number}] {citation.title or citation.doc_id} · {place}"
        stdout.print(line, markup=False, style="dim")
