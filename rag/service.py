"""`Rag`: search and ask, the one code path behind every door."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Self

from rag.embed_texts import Side, embed_texts
from rag.encoders.cross_encoder import load_cross_encoder
from rag.encoders.loading import load_encoder
from rag.errors import CollectionMismatchError, CollectionNotFoundError
from rag.generate.answering import answering, last_answer
from rag.generate.asking import prompted
from rag.generate.base import AnswerTask
from rag.generate.neighbours import NOTHING_AROUND, neighbours_of
from rag.generate.registry import load_generator
from rag.generate.review import Review
from rag.ground.checker import need_language_model
from rag.ground.ground import load_grounder
from rag.ground.passages import as_chunks
from rag.observer import Unobserved
from rag.rerank import needs_cross_encoder
from rag.rerank_texts import rank_texts
from rag.retrieve import clean_question, retrieve
from rag.store.open import open_store
from rag.types import Details, DoneEvent, GroundPolicy

if TYPE_CHECKING:
    from collections.abc import Generator as Events
    from collections.abc import Sequence
    from types import TracebackType

    from rag.encoders.base import Encoder
    from rag.encoders.cross_encoder import CrossEncoder
    from rag.generate.base import Generator
    from rag.ground.ground import Grounder
    from rag.ground.passages import Context
    from rag.observer import Observer
    from rag.rerank_texts import RankedText
    from rag.retrieve import Retrieval
    from rag.settings import AnswerSettings, SearchSettings, Settings
    from rag.store.base import CollectionSpec, Store
    from rag.store.filters import Filter
    from rag.types import Answer, AnswerEvent, FloatArray, Grounding, Message, SearchResult


class Rag:
    """A store and an encoder, opened once and used from any number of threads.

    Example:
        >>> with Rag.open(load_settings()) as rag:
        ...     print(rag.ask("What does the with statement do?").text)
    """

    def __init__(self, settings: Settings, store: Store, encoder: Encoder | None = None):
        self.settings = settings
        self.store = store
        self.observer: Observer = Unobserved()
        self._encoder = encoder
        self._cross_encoder: CrossEncoder | None = None
        self._generator: Generator | None = None
        self._grounder: Grounder | None = None
        self._loading = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the database; models are loaded on first use, or by `warm_up`.

        Raises: StoreLockedError, StoreUnreachableError, StoreError, EngineMissingError.
        """
        return cls(settings, open_store(settings.store))

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded once. Raises: WeightsError, SettingsError."""
        with self._loading:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings.encoder)
            return self._encoder

    @property
    def cross_encoder(self) -> CrossEncoder:
        """The model of `search.cross_encoder`, loaded once. Raises: WeightsError, SettingsError."""
        with self._loading:
            if self._cross_encoder is None:
                name = self.settings.search.cross_encoder
                self._cross_encoder = load_cross_encoder(name, self.settings.encoder)
            return self._cross_encoder

    @property
    def generator(self) -> Generator:
        """What `generator.model` names, loaded once. Raises: WeightsError, SettingsError."""
        encoder = self.encoder
        with self._loading:
            if self._generator is None:
                self._generator = load_generator(self.settings.generator, encoder)
            return self._generator

    @property
    def grounder(self) -> Grounder:
        """What `ground.checkers` names, loaded once. Raises: WeightsError, SettingsError."""
        encoder = self.encoder
        asked = need_language_model(self.settings.ground.checkers)
        asker = prompted(self.generator.language_model) if asked else None
        with self._loading:
            if self._grounder is None:
                settings = self.settings
                self._grounder = load_grounder(settings.ground, settings.encoder, encoder, asker)
            return self._grounder

    @property
    def ready(self) -> bool:
        """The models are loaded."""
        return self._encoder is not None

    @property
    def deterministic(self) -> bool:
        """The same question over the same rows gets the same answer: no language model writes."""
        return self.generator.language_model is None

    def warm_up(self) -> None:
        """Load the models and run them once, so that the first question is fast."""
        self.encoder.encode_question("warm up")
        if needs_cross_encoder(self.settings.search.rerank):
            self.cross_encoder.score("warm", ["up"])
        _ = self.generator  # loads it
        self._review()  # loads the checkers

    def search(
        self,
        question: str,
        *,
        collection: str | None = None,
        where: Filter | None = None,
        options: SearchSettings | None = None,
        details: Details = Details.NONE,
    ) -> SearchResult:
        """Find passages. What is not given comes from the settings.

        The cross-encoder is that of the service's settings, whatever `options` name.

        Raises: EmptyQuestionError, CollectionNotFoundError, CollectionMismatchError,
            FilterError.
        """
        return self._retrieve(question, collection, where, options, details).result

    def ask(
        self,
        question: str,
        *,
        collection: str | None = None,
        where: Filter | None = None,
        options: SearchSettings | None = None,
        answer: AnswerSettings | None = None,
        details: Details = Details.NONE,
        history: Sequence[Message] = (),
    ) -> Answer:
        """Find passages and answer from them, with citations.

        `history` are earlier messages, oldest first: the question may refer to them, and
        `Answer.search.question` is what it was taken for. `ground.policy` says what happens to
        claims that are not supported; `Answer.grounding` has the verdicts.
        Raises: as `search`, and GenerationError, GenerationTimeoutError, SettingsError,
            WeightsError of the generator.
        """
        return last_answer(
            self._answering(question, collection, where, options, answer, details, history)
        )

    def ask_stream(
        self,
        question: str,
        *,
        collection: str | None = None,
        where: Filter | None = None,
        options: SearchSettings | None = None,
        answer: AnswerSettings | None = None,
        details: Details = Details.NONE,
        history: Sequence[Message] = (),
    ) -> Events[AnswerEvent]:
        """As `ask`, in events as they come; closing the iterator stops the model.

        The passages are found before this returns. Raises: as `ask`, here or while the events
        come; `rag.generate.answering.with_errors` makes the latter an event, too.
        """
        return self._answering(question, collection, where, options, answer, details, history)

    def ground(self, answer: str, context: Context, *, question: str = "") -> Grounding:
        """Check every claim of an answer against the passages that it was made from.

        `context` is one text, or the passages in the order in which they were sent.
        Raises: WeightsError, SettingsError of the checkers.
        """
        grounding = self.grounder.ground(answer, as_chunks(context), question)
        self.observer.grounded(grounding)
        return grounding

    def rerank(self, question: str, texts: Sequence[str]) -> list[RankedText]:
        """Rank texts from anywhere by late interaction, best first.

        Raises: EmptyQuestionError.
        """
        return rank_texts(self.encoder, clean_question(question), texts)

    def embed(self, texts: Sequence[str], side: Side = Side.PASSAGE) -> FloatArray:
        """Dense unit vectors [n, d] of texts from anywhere, at least one."""
        return embed_texts(self.encoder, texts, side)

    def close(self) -> None:
        """Release the models and the database."""
        if self._generator is not None:
            self._generator.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _answering(
        self,
        question: str,
        collection: str | None,
        where: Filter | None,
        options: SearchSettings | None,
        answer: AnswerSettings | None,
        details: Details,
        history: Sequence[Message],
    ) -> Events[AnswerEvent]:
        """Find the passages now, and give the events of the answer to come."""
        self._check_encoder(self._spec(collection or self.settings.collection))
        standalone = self.generator.standalone(clean_question(question), history)
        found = self._retrieve(standalone.question, collection, where, options, details)
        task = self._task(found, answer or self.settings.answer)
        return self._observed(answering(self.generator, task, standalone, self._review()))

    def _task(self, found: Retrieval, settings: AnswerSettings) -> AnswerTask:
        """What a generator is given; only a language model reads around the passages."""
        reads = self.generator.language_model is not None
        around = neighbours_of(self.store, found.result, settings) if reads else NOTHING_AROUND
        return AnswerTask(found.result, found.question.tokens, settings, around)

    def _observed(self, events: Events[AnswerEvent]) -> Events[AnswerEvent]:
        with closing(events):
            for event in events:
                if isinstance(event, DoneEvent):
                    self.observer.answered(event.answer)
                yield event

    def _review(self) -> Review | None:
        policy = self.settings.ground.policy
        return None if policy is GroundPolicy.OFF else Review(self.grounder, policy)

    def _retrieve(
        self,
        question: str,
        collection: str | None,
        where: Filter | None,
        options: SearchSettings | None,
        details: Details,
    ) -> Retrieval:
        text = clean_question(question)
        name = collection or self.settings.collection
        self._check_encoder(self._spec(name))
        options = options or self.settings.search
        cross_encoder = self.cross_encoder if needs_cross_encoder(options.rerank) else None
        found = retrieve(
            self.store, self.encoder, text, name, options, where, details, cross_encoder
        )
        self.observer.searched(found.result)
        return found

    def _check_encoder(self, spec: CollectionSpec) -> None:
        made_with, in_use = spec.encoder.identity, self.encoder.info.identity
        if made_with != in_use:
            raise CollectionMismatchError(
                f"The collection {spec.name} was made with {made_with}, but in use is {in_use}; "
                "choose the preset of those models (`trident models list`) or index into a new "
                "collection."
            )

    def _spec(self, name: str) -> CollectionSpec:
        try:
            return self.store.spec(name)
        except CollectionNotFoundError as error:
            known = ", ".join(info.spec.name for info in self.store.collections())
            advice = f"there are: {known}" if known else "make one with `trident index PATH`"
            raise CollectionNotFoundError(name, advice) from error
