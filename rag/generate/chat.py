"""Answers by a language model, from numbered passages, with citations that were checked."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.generate.base import Draft, Standalone
from rag.generate.budget import fitting, fitting_around, room_for_passages
from rag.generate.cited import CitedText
from rag.generate.conversation import recent, transcript
from rag.generate.escape import escape, escape_line
from rag.generate.prompt import ANSWER, CONDENSE, CONTINUE, Prompt
from rag.generate.registry import load_language_model
from rag.generate.rewriting import ChatRewriter, as_sent
from rag.generate.sent import sent_passages, written
from rag.generate.support import SupportFinder
from rag.generate.texts import nothing_found
from rag.types import Finish, Sampling, TokenEvent, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.encoders.base import Encoder
    from rag.generate.base import AnswerTask, Drafting
    from rag.generate.sent import SentPassage
    from rag.settings import GeneratorSettings
    from rag.types import Delta, LanguageModel, Message

CONDENSED_TOKENS = 128
FINISH_NOTICES: Mapping[Finish, str] = {
    Finish.LENGTH: "The answer was cut off; raise generator.max_tokens for a longer one.",
    Finish.FILTERED: "The model's provider cut the answer off or refused to give one.",
}


@dataclass(frozen=True, slots=True)
class _Request:
    """What a model is sent for one answer."""

    messages: tuple[Message, ...]
    passages: tuple[SentPassage, ...]
    notices: tuple[str, ...]


class ChatGenerator:
    """A `Generator` over any language model. Safe to call from several threads."""

    def __init__(
        self, settings: GeneratorSettings, encoder: Encoder, model: LanguageModel | None = None
    ):
        self._settings = settings
        self._encoder = encoder
        self._prompt = Prompt.load(ANSWER, settings.prompt)
        self._condense = Prompt.load(CONDENSE, settings.condense_prompt)
        self._continue = Prompt.load(CONTINUE)
        self._model = model or load_language_model(settings)

    @property
    def model(self) -> str:
        """The model's name in the settings."""
        return self._model.name

    @property
    def language_model(self) -> LanguageModel:
        """Asked for answers; checkers and policies may ask it, too."""
        return self._model

    def standalone(self, question: str, history: Sequence[Message]) -> Standalone:
        """The question as the model rewrites it; as it is where nothing was said before."""
        said = recent(history, self._settings.history)
        if not said:
            return Standalone(question)
        asked = self._condense.messages(history=transcript(said), question=escape_line(question))
        deltas = list(self._model.stream(asked, self._sampling(CONDENSED_TOKENS)))
        usage = deltas[-1].usage if deltas else None
        lines = "".join(delta.text for delta in deltas).strip().splitlines()
        if not lines:
            notice = "The model did not rewrite the question; it was taken as it is."
            return Standalone(question, usage, (notice,))
        return Standalone(lines[0].strip(), usage)

    def draft(self, task: AnswerTask) -> Drafting:
        """Ask the model, check its citations as its sentences are completed."""
        if not task.found.passages:
            return (yield from _nothing(task))
        request = self._request(task)
        finder = SupportFinder(request.passages, self._encoder)
        text = CitedText(finder, self._settings.support)
        last: Delta | None = None
        sampling = self._sampling(self._settings.max_tokens)
        with closing(self._model.stream(request.messages, sampling)) as deltas:
            for last in deltas:
                yield from text.feed(last.text)
        yield from text.finish()
        if not text.shown:
            yield TokenEvent(f"{self.model} gave no answer.")
        return Draft(
            text=text.shown or f"{self.model} gave no answer.",
            sentences=tuple(text.sentences),
            citations=tuple(text.citations.values()),
            usage=last.usage if last else Usage(),
            notices=(*request.notices, *text.notices, *_finish_notice(last)),
            prompt=self._prompt.version,
            sent=tuple(passage.chunk for passage in request.passages),
            rewriter=self._rewriter(task, request, finder, text),
        )

    def close(self) -> None:
        """Release the model."""
        self._model.close()

    def _request(self, task: AnswerTask) -> _Request:
        question = escape(task.found.question)
        wanted = task.found.passages[: task.settings.passages]
        room = room_for_passages(self._prompt, question, self._model, self._settings.max_tokens)
        kept = fitting(wanted, room)
        around = fitting_around(kept, task.around, room)
        sent = sent_passages(kept, self._settings.order, around)
        messages = self._prompt.messages(passages=written(sent), question=question)
        return _Request(messages, sent, _dropped_notice(len(wanted) - len(kept), len(wanted)))

    def _rewriter(
        self, task: AnswerTask, request: _Request, finder: SupportFinder, text: CitedText
    ) -> ChatRewriter:
        return ChatRewriter(
            model=self._model,
            prompt=self._continue,
            settings=self._settings,
            question=task.found.question,
            passages=request.passages,
            finder=finder,
            text=as_sent(text.shown, tuple(text.citations.values()), request.passages),
        )

    def _sampling(self, max_tokens: int) -> Sampling:
        return Sampling(
            temperature=self._settings.temperature,
            max_tokens=min(max_tokens, self._settings.max_tokens),
            seed=self._settings.seed,
        )


def _nothing(task: AnswerTask) -> Drafting:
    text = nothing_found(task.found.collection)
    yield TokenEvent(text)
    return Draft(text, (), ())


def _dropped_notice(dropped: int, wanted: int) -> tuple[str, ...]:
    if not dropped:
        return ()
    return (
        f"{dropped} of {wanted} passages did not fit into the model's context and were not sent; "
        "lower answer.passages or generator.max_tokens, or take a model with a longer context.",
    )


def _finish_notice(last: Delta | None) -> tuple[str, ...]:
    notice = FINISH_NOTICES.get(last.finish) if last and last.finish else None
    return (notice,) if notice else ()
