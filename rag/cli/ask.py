"""`trident ask`: an answer with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.cli.options import (
    CollectionOption,
    JsonOption,
    ModelOption,
    QuestionArgument,
    StoreOption,
    WhereOption,
    filter_from,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stdout
from rag.cli.search_flags import SearchFlags, takes_search_flags
from rag.types import Details, DoneEvent, TokenEvent, VerdictLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rag.types import Answer, AnswerEvent, Grounding, Verdict


@takes_search_flags
def ask(
    question: QuestionArgument,
    flags: SearchFlags,
    collection: CollectionOption = None,
    where: WhereOption = None,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the collection, every sentence with its source."""
    from rag.service import Rag

    settings = settings_from(store, collection, search=flags.section(), generator={"model": model})
    kept = filter_from(where)
    with Rag.open(settings) as rag:
        if as_json:
            answer = rag.ask(question, where=kept, details=Details.LEG_RANKS)
            print_json(answer)
        else:
            answer = print_events(rag.ask_stream(question, where=kept))
    print_notices((*answer.search.notices, *answer.notices))


def print_events(events: Iterable[AnswerEvent]) -> Answer:
    """An answer as it is written, for a person to read, and then its sources."""
    for event in events:
        if isinstance(event, TokenEvent):
            stdout.print(event.text, markup=False, end="")
            stdout.file.flush()
        if isinstance(event, DoneEvent):
            stdout.print()
            print_sources(event.answer)
            print_checks(event.answer)
            return event.answer
    raise AssertionError("the events of an answer end with DoneEvent")


def print_answer(answer: Answer) -> None:
    """An answer and its sources for a person to read."""
    stdout.print(answer.text, markup=False)
    print_sources(answer)
    print_checks(answer)


def print_sources(answer: Answer) -> None:
    """What the numbers in an answer stand for."""
    for citation in answer.citations:
        place = f"{citation.doc_id} [{citation.start}:{citation.end}]"
        line = f"  [{citation.number}] {citation.title or citation.doc_id} · {place}"
        stdout.print(line, markup=False, style="dim")


STYLES: Mapping[VerdictLabel, str] = {
    VerdictLabel.SUPPORTED: "green",
    VerdictLabel.PARTIALLY_SUPPORTED: "yellow",
    VerdictLabel.ERROR: "yellow",
    VerdictLabel.CONTRADICTED: "red",
    VerdictLabel.UNSUPPORTED: "red",
}


def print_checks(answer: Answer) -> None:
    """What was changed, how many claims are supported, and each that is not."""
    for change in answer.corrections:
        stdout.print(f"  - {change.before}", markup=False, style="red")
        if change.after:
            stdout.print(f"  + {change.after}", markup=False, style="green")
    if answer.grounding is not None:
        _print_grounding(answer.grounding)


def _print_grounding(grounding: Grounding) -> None:
    checked = [v for v in grounding.verdicts if v.label is not VerdictLabel.NOT_CHECKABLE]
    found = sum(verdict.label is VerdictLabel.SUPPORTED for verdict in checked)
    if checked:
        style = "green" if found == len(checked) else "yellow"
        line = f"  {found} of {len(checked)} claims supported"
        stdout.print(line, markup=False, style=style)
    for verdict in checked:
        if verdict.label is not VerdictLabel.SUPPORTED:
            _print_verdict(verdict)


def _print_verdict(verdict: Verdict) -> None:
    words = ", ".join(repr(span.text) for span in verdict.unsupported)
    claim = " ".join(verdict.claim.text.split())
    line = f"  {verdict.label.replace('_', ' ')}: {claim}" + (f" ({words})" if words else "")
    stdout.print(line, markup=False, style=STYLES[verdict.label])
