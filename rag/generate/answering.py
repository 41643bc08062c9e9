"""From found passages to the events of an answer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from rag.errors import TridentError
from rag.types import (
    Answer,
    CitationEvent,
    DoneEvent,
    ErrorEvent,
    GroundingEvent,
    RetrievalEvent,
    TokenEvent,
    Usage,
    UsageEvent,
)

if TYPE_CHECKING:
    from collections.abc import Generator as Events
    from collections.abc import Iterator

    from rag.generate.base import AnswerTask, Draft, Drafting, Generator, Standalone
    from rag.generate.review import Review, Reviewed
    from rag.types import AnswerEvent


def answering(
    generator: Generator, task: AnswerTask, standalone: Standalone, review: Review | None = None
) -> Events[AnswerEvent]:
    """Retrieval, tokens and citations, usage where a model was asked, grounding, the answer.

    No `review`: nothing is checked. Raises: as `Generator.draft`.
    """
    yield RetrievalEvent(task.found)
    started = perf_counter()
    refusal = review.refusal(task.found) if review else None
    shown = review is None or review.shows_drafts
    draft = refusal or (yield from _drafted(generator, task, shown))
    seconds = perf_counter() - started
    reviewed = review(draft, task.found.question) if review else None
    final = reviewed.draft if reviewed else draft
    if not shown:
        yield from _as_events(final)
    usage = _sum(standalone.usage, final.usage)
    if usage is not None:
        yield UsageEvent(usage)
    if reviewed:
        yield GroundingEvent(reviewed.grounding)
    answer = _answer(generator.model, task, standalone, final, usage, seconds)
    yield DoneEvent(_with_review(answer, reviewed))


def with_errors(events: Events[AnswerEvent]) -> Events[AnswerEvent]:
    """The events, and what is raised on purpose as the last of them."""
    with closing(events):
        try:
            yield from events
        except TridentError as error:
            yield ErrorEvent(error.code, str(error))


def last_answer(events: Events[AnswerEvent]) -> Answer:
    """The answer that the events end with."""
    *_, last = events
    assert isinstance(last, DoneEvent)
    return last.answer


def _drafted(generator: Generator, task: AnswerTask, shown: bool) -> Drafting:
    """The draft; its events only where it is shown as it is written."""
    drafting = generator.draft(task)
    if shown:
        return (yield from drafting)
    return _result(drafting)


def _result(drafting: Drafting) -> Draft:
    with closing(drafting):
        while True:
            try:
                next(drafting)
            except StopIteration as end:
                draft: Draft = end.value
                return draft


def _as_events(draft: Draft) -> Iterator[TokenEvent | CitationEvent]:
    """An answer that was not shown while it was written."""
    yield TokenEvent(draft.text)
    yield from map(CitationEvent, draft.citations)


def _with_review(answer: Answer, reviewed: Reviewed | None) -> Answer:
    if reviewed is None:
        return answer
    return replace(
        answer,
        grounding=reviewed.grounding,
        corrections=reviewed.corrections,
        timings_ms={**answer.timings_ms, "ground": reviewed.milliseconds},
    )


def _answer(
    model: str,
    task: AnswerTask,
    standalone: Standalone,
    draft: Draft,
    usage: Usage | None,
    seconds: float,
) -> Answer:
    return Answer(
        text=draft.text,
        sentences=draft.sentences,
        citations=draft.citations,
        search=task.found,
        timings_ms={**task.found.timings_ms, "answer": 1e3 * seconds},
        model=model,
        prompt=draft.prompt,
        usage=usage,
        notices=(*standalone.notices, *draft.notices),
    )


def _sum(first: Usage | None, second: Usage | None) -> Usage | None:
    return (first or Usage()) + (second or Usage()) if first or second else None
