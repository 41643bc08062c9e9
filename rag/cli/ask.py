"""`trident ask`: an answer with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.cli.options import (
    CollectionOption,
    JsonOption,
    QuestionArgument,
    StoreOption,
    WhereOption,
    filter_from,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stdout
from rag.cli.search_flags import SearchFlags, takes_search_flags
from rag.types import Details

if TYPE_CHECKING:
    from rag.types import Answer


@takes_search_flags
def ask(
    question: QuestionArgument,
    flags: SearchFlags,
    collection: CollectionOption = None,
    where: WhereOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the collection, every sentence with its source."""
    from rag.service import Rag

    settings = settings_from(store, collection, search=flags.section())
    kept = filter_from(where)
    with Rag.open(settings) as rag:
        answer = rag.ask(
            question, where=kept, details=Details.LEG_RANKS if as_json else Details.NONE
        )
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
