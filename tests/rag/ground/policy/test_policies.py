"""What each policy does to an answer with an error in its middle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.generate.answering import answering, last_answer
from rag.generate.base import AnswerTask, Standalone
from rag.generate.chat import ChatGenerator
from rag.generate.extractive import ExtractiveGenerator
from rag.generate.review import Review
from rag.ground.ground import load_grounder
from rag.settings import AnswerSettings, EncoderSettings, GeneratorSettings, GroundSettings
from rag.types import (
    Answer,
    DoneEvent,
    GroundingEvent,
    GroundPolicy,
    Passage,
    SearchResult,
    TokenEvent,
    VerdictLabel,
)
from tests.corpus import chunk
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Generator as Events

    from rag.encoders.base import Encoder
    from rag.generate.base import Drafting, Generator
    from rag.types import AnswerEvent

FIRST = "Mount Etna is the most active volcano in Europe."
WRONG, RIGHT = "It erupted again in 1669.", "It erupted again in 2021."
LAST = "Bees dance to tell the hive where flowers are."
DRAFT = f"{FIRST} [1] {WRONG} [1] {LAST} [2]"
QUESTION = "When did Etna erupt?"


def events(
    encoder: Encoder,
    policy: GroundPolicy,
    generator: Generator,
    relevance: float = 0.9,
    **changes: float,
) -> Events[AnswerEvent]:
    settings = GroundSettings.model_validate({"policy": policy, **changes})
    passages = (
        Passage(1, 1.0, relevance, chunk("volcano")),
        Passage(2, 1.0, relevance, chunk("bees")),
    )
    found = SearchResult(QUESTION, "c", passages, (), {})
    task = AnswerTask(found, encoder.encode_question(QUESTION).tokens, AnswerSettings())
    review = Review(load_grounder(settings, EncoderSettings(), encoder), policy)
    yield from answering(generator, task, Standalone(QUESTION), review)


def answered(
    encoder: Encoder, policy: GroundPolicy, *said: str, relevance: float = 0.9, **changes: float
) -> tuple[Answer, ScriptedModel]:
    model = ScriptedModel(*said)
    generator = ChatGenerator(GeneratorSettings(), encoder, model)
    return last_answer(events(encoder, policy, generator, relevance, **changes)), model


def grounded_as_it_stands(answer: Answer) -> bool:
    """The verdicts are those of the text that is given, offsets and all."""
    grounding = answer.grounding
    assert grounding is not None
    assert grounding.answer == answer.text
    claims = [verdict.claim for verdict in grounding.verdicts]
    assert [answer.text[c.start : c.end] for c in claims] == [c.text for c in claims]
    spans = [span for verdict in grounding.verdicts for span in verdict.unsupported]
    assert all(answer.text[span.start : span.end] == span.text for span in spans)
    return grounding.grounded is True


def test_annotate_changes_nothing_and_says_what_is_wrong(encoder: Encoder) -> None:
    answer, _ = answered(encoder, GroundPolicy.ANNOTATE, DRAFT)
    assert WRONG in answer.text
    assert not grounded_as_it_stands(answer)
    assert answer.corrections == ()
    assert answer.grounding is not None
    assert answer.grounding.verdicts[1].label is VerdictLabel.CONTRADICTED


def test_strip_leaves_the_sentence_out_and_says_so(encoder: Encoder) -> None:
    answer, _ = answered(encoder, GroundPolicy.STRIP, DRAFT)
    assert answer.text == f"{FIRST} [1] {LAST} [2]"
    assert grounded_as_it_stands(answer)
    (change,) = answer.corrections
    assert (change.before, change.after) == (WRONG, "")
    assert "'1669'" in change.why
    assert "1 sentence was left out" in answer.notices[-1]


def test_strip_says_so_when_nothing_is_left(encoder: Encoder) -> None:
    answer, _ = answered(encoder, GroundPolicy.STRIP, "Penguins rule all of France.")
    assert answer.text == "No answer was found that the passages support."
    assert (answer.sentences, answer.citations) == ((), ())
    assert answer.grounding is not None
    assert answer.grounding.grounded is None


def test_abstain_gives_a_sentence_in_place_of_the_answer(encoder: Encoder) -> None:
    answer, _ = answered(encoder, GroundPolicy.ABSTAIN, DRAFT)
    assert answer.text == "No answer was found that the passages support."
    assert answer.corrections[0].before.startswith(FIRST)
    assert answered(encoder, GroundPolicy.ABSTAIN, FIRST)[0].text.startswith(FIRST)


def test_abstain_asks_no_model_where_retrieval_is_weak(encoder: Encoder) -> None:
    weak, model = answered(encoder, GroundPolicy.ABSTAIN, DRAFT, relevance=0.2, least_relevance=0.3)
    assert weak.text == "No passage was found that answers this question."
    assert model.asked == []
    assert "least_relevance" in weak.notices[-1]


def test_correct_keeps_what_is_before_and_goes_on_behind(encoder: Encoder) -> None:
    answer, model = answered(
        encoder, GroundPolicy.CORRECT, DRAFT, WRONG, "Penguins rule.", f"{RIGHT} [1] More.",
        f"{LAST} [2]", continuations=3,
    )  # fmt: skip
    assert grounded_as_it_stands(answer)
    assert [sentence.text for sentence in answer.sentences] == [FIRST, RIGHT, LAST]
    assert [(change.before, change.after) for change in answer.corrections] == [(WRONG, RIGHT)]
    temperatures = [sampling.temperature for _, sampling in model.asked]
    assert temperatures == [0.0, 1.0, 1.0, 1.0, 0.0]
    seeds = [sampling.seed for _, sampling in model.asked[1:4]]
    assert len(set(seeds)) == 3
    before = model.asked[1][0][1].content
    assert FIRST in before
    assert WRONG not in before
    assert answer.usage is not None
    assert answer.usage.completion_tokens > len(DRAFT.split())


def test_correct_does_not_go_on_where_the_answer_had_ended(encoder: Encoder) -> None:
    answer, model = answered(
        encoder, GroundPolicy.CORRECT, f"{FIRST} {WRONG}", RIGHT, RIGHT, continuations=2
    )
    assert [sentence.text for sentence in answer.sentences] == [FIRST, RIGHT]
    assert len(model.asked) == 3


def test_correct_tells_what_it_wrote_anew_behind_the_mended_sentence(encoder: Encoder) -> None:
    queen = "A queen lays up to two thousand eggs a day."
    answer, _ = answered(encoder, GroundPolicy.CORRECT, DRAFT, RIGHT, queen, continuations=1)
    assert [sentence.text for sentence in answer.sentences] == [FIRST, RIGHT, queen]
    assert [(c.before, c.after) for c in answer.corrections] == [(WRONG, RIGHT), (LAST, queen)]


def test_correct_leaves_out_what_cannot_be_mended(encoder: Encoder) -> None:
    again = WRONG.upper()  # the same words
    answer, _ = answered(
        encoder, GroundPolicy.CORRECT, DRAFT, WRONG, again, "", "Is it so?", continuations=4
    )
    assert answer.text == f"{FIRST} [1] {LAST} [2]"
    assert [(change.before, change.after) for change in answer.corrections] == [(WRONG, "")]


def test_correct_says_so_when_nothing_is_left(encoder: Encoder) -> None:
    answer, _ = answered(encoder, GroundPolicy.CORRECT, WRONG, "", continuations=1)
    assert answer.text == "No answer was found that the passages support."
    assert (answer.sentences, answer.citations) == ((), ())
    assert "1 sentence was left out" in answer.notices[-1]


def test_correct_ends_after_its_rounds(encoder: Encoder) -> None:
    rest = f"{RIGHT} {WRONG} {LAST}"
    said = [DRAFT, *[FIRST, rest] * 2]
    answer, model = answered(encoder, GroundPolicy.CORRECT, *said, continuations=1, rounds=2)
    assert len(model.asked) == len(said)
    assert WRONG not in answer.text
    assert grounded_as_it_stands(answer)


def test_correct_never_touches_a_supported_answer(encoder: Encoder) -> None:
    answer, model = answered(encoder, GroundPolicy.CORRECT, f"{FIRST} [1] {LAST} [2]")
    assert len(model.asked) == 1
    assert answer.corrections == ()


def test_correct_without_a_model_strips_and_says_so(encoder: Encoder) -> None:
    class Erring(ExtractiveGenerator):
        def draft(self, task: AnswerTask) -> Drafting:
            draft = yield from super().draft(task)
            return replace(draft, text=DRAFT, sentences=(), citations=())

    generator = Erring(GeneratorSettings(), encoder)
    answer = last_answer(events(encoder, GroundPolicy.CORRECT, generator))
    assert WRONG not in answer.text
    assert any("No language model wrote this answer" in notice for notice in answer.notices)


@pytest.mark.parametrize("policy", list(GroundPolicy)[1:])
def test_the_tokens_are_those_of_the_answer_that_is_given(
    encoder: Encoder, policy: GroundPolicy
) -> None:
    model = ScriptedModel(DRAFT, RIGHT, LAST)
    generator = ChatGenerator(GeneratorSettings(), encoder, model)
    *before, done = events(encoder, policy, generator, continuations=1)
    text = "".join(event.text for event in before if isinstance(event, TokenEvent))
    assert isinstance(done, DoneEvent)
    assert text == done.answer.text
    assert isinstance(before[-1], GroundingEvent)
    assert before[-1].grounding == done.answer.grounding
