"""`Rag.ask` and `Rag.ask_stream` with every kind of generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import CollectionNotFoundError, GenerationError
from rag.generate.answering import with_errors
from rag.generate.chat import ChatGenerator
from rag.service import Rag
from rag.settings import AnswerSettings, GeneratorSettings, Settings
from rag.types import (
    CitationEvent,
    Delta,
    DoneEvent,
    ErrorEvent,
    GroundingEvent,
    Message,
    RetrievalEvent,
    Role,
    TokenEvent,
    UsageEvent,
)
from tests.corpus import TEXTS
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from rag.encoders.base import Encoder
    from rag.store.base import Store

QUESTION = "How do bees tell the hive where flowers are?"


class BrokenModel(ScriptedModel):
    """Fails after its first words."""

    def stream(self, messages: object, sampling: object) -> Generator[Delta]:
        yield Delta("Bees ")
        raise GenerationError("The model broke; ask again.")


def asking(rag: Rag, model: ScriptedModel) -> Rag:
    """The service with a scripted model behind it."""
    service = Rag(rag.settings, rag.store, rag.encoder)
    service._generator = ChatGenerator(GeneratorSettings(), rag.encoder, model)
    return service


@pytest.fixture(scope="module")
def local(store: Store, encoder: Encoder) -> Iterator[Rag]:
    """The service with a real language model; it is small, so nothing is asserted of its words."""
    generator = GeneratorSettings(model="local", max_tokens=16, context_tokens=1024, threads=1)
    service = Rag(Settings(generator=generator, answer=AnswerSettings(passages=1)), store, encoder)
    service.generator  # noqa: B018 - loads it
    yield service
    service.generator.close()


def test_a_real_model_answers_and_the_contract_holds(local: Rag, corpus: str) -> None:
    answer = local.ask(QUESTION, collection=corpus)
    assert answer.text
    assert answer.model == "local"
    assert answer.prompt.startswith("answer-")
    assert answer.usage is not None
    assert 0 < answer.usage.completion_tokens <= 16
    assert answer.usage.prompt_tokens > 100
    assert answer.timings_ms["answer"] > 0
    numbers = {citation.number for citation in answer.citations}
    assert all(set(sentence.citations) <= numbers for sentence in answer.sentences)
    for citation in answer.citations:
        quoted = TEXTS[citation.doc_id][citation.start - 100 : citation.end - 100]
        assert quoted == citation.quote


def test_a_real_model_streams_what_it_answers(local: Rag, corpus: str) -> None:
    first, *events, checked, done = local.ask_stream(QUESTION, collection=corpus)
    assert isinstance(first, RetrievalEvent)
    assert isinstance(done, DoneEvent)
    assert isinstance(events[-1], UsageEvent)
    assert isinstance(checked, GroundingEvent)
    assert checked.grounding == done.answer.grounding
    assert "".join(e.text for e in events if isinstance(e, TokenEvent)) == done.answer.text


def test_a_real_model_rewrites_a_question_of_a_conversation(local: Rag, corpus: str) -> None:
    history = [Message(Role.USER, QUESTION), Message(Role.ASSISTANT, "They dance.")]
    answer = local.ask("How many eggs does she lay?", collection=corpus, history=history)
    assert answer.search.question
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 200  # of both calls


def test_what_a_real_model_is_sent_fits_into_its_context(rag: Rag, corpus: str) -> None:
    small = GeneratorSettings(model="local", max_tokens=8, context_tokens=512, threads=1)
    service = Rag(Settings(generator=small), rag.store, rag.encoder)
    try:
        answer = service.ask(
            QUESTION, collection=corpus, answer=AnswerSettings(passages=len(TEXTS))
        )
    finally:
        service.generator.close()
    assert answer.usage is not None
    assert 256 < answer.usage.prompt_tokens <= 512 - 8
    assert "passages did not fit" in answer.notices[0]


def test_the_events_of_an_extractive_answer_are_those_of_any(rag: Rag, corpus: str) -> None:
    first, *events, done = rag.ask_stream(QUESTION, collection=corpus)
    assert isinstance(first, RetrievalEvent)
    assert isinstance(done, DoneEvent)
    assert "".join(e.text for e in events if isinstance(e, TokenEvent)) == done.answer.text
    cited = tuple(e.citation for e in events if isinstance(e, CitationEvent))
    assert cited == done.answer.citations
    assert not any(isinstance(event, UsageEvent) for event in events)
    assert (done.answer.model, done.answer.usage) == ("extractive", None)


def test_a_question_without_words_streams_its_answer_too(rag: Rag, corpus: str) -> None:
    *_, token, _checked, done = rag.ask_stream("?!", collection=corpus)
    assert isinstance(done, DoneEvent)
    assert token == TokenEvent(done.answer.text)


def test_without_a_model_a_follow_up_is_read_after_the_question_before_it(
    rag: Rag, corpus: str
) -> None:
    history = [Message(Role.USER, "Tell me of Etna."), Message(Role.ASSISTANT, "A volcano.")]
    answer = rag.ask("When did it erupt?", collection=corpus, history=history)
    assert answer.search.question == "Tell me of Etna. When did it erupt?"
    assert answer.citations[0].doc_id == "volcano"


def test_a_standalone_question_is_what_is_searched_for(rag: Rag, corpus: str) -> None:
    model = ScriptedModel("When did Mount Etna erupt again?", "In 2021.")
    answer = asking(rag, model).ask(
        "And when?", collection=corpus, history=[Message(Role.USER, "Etna?")]
    )
    assert answer.search.question == "When did Mount Etna erupt again?"
    assert answer.search.passages[0].chunk.doc_id == "volcano"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 6 + 2


def test_a_collection_that_is_missing_is_said_before_a_model_is_asked(rag: Rag) -> None:
    model = ScriptedModel()
    with pytest.raises(CollectionNotFoundError):
        asking(rag, model).ask_stream("Why?", collection="none")
    assert model.asked == []


def test_what_breaks_on_the_way_is_the_last_event(rag: Rag, corpus: str) -> None:
    events = list(with_errors(asking(rag, BrokenModel()).ask_stream(QUESTION, collection=corpus)))
    assert events[1] == TokenEvent("Bees")
    assert events[-1] == ErrorEvent("generation_failed", "The model broke; ask again.")


def test_what_breaks_on_the_way_is_raised_by_ask(rag: Rag, corpus: str) -> None:
    with pytest.raises(GenerationError, match="broke"):
        asking(rag, BrokenModel()).ask(QUESTION, collection=corpus)


def test_closing_the_events_stops_the_model(rag: Rag, corpus: str) -> None:
    model = ScriptedModel("Bees dance to tell the hive where flowers are.")
    events = with_errors(asking(rag, model).ask_stream(QUESTION, collection=corpus))
    assert isinstance(next(events), RetrievalEvent)
    assert isinstance(next(events), TokenEvent)
    events.close()
    assert model.closed_early == 1
