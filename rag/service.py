"""`Rag`: search and ask, the one code path behind every door."""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING, Self

from rag.encoders.cross_encoder import load_cross_encoder
from rag.encoders.loading import load_encoder
from rag.errors import CollectionMismatchError, CollectionNotFoundError
from rag.generate.extractive import answer_from_passages
from rag.rerank import needs_cross_encoder
from rag.retrieve import clean_question, retrieve
from rag.store.open import open_store
from rag.types import Answer, Details

if TYPE_CHECKING:
    from types import TracebackType

    from rag.encoders.base import Encoder
    from rag.encoders.cross_encoder import CrossEncoder
    from rag.retrieve import Retrieval
    from rag.settings import AnswerSettings, SearchSettings, Settings
    from rag.store.base import CollectionSpec, Store
    from rag.store.filters import Filter
    from rag.types import SearchResult


class Rag:
    """A store and an encoder, opened once and used from any number of threads.

    Example:
        >>> with Rag.open(load_settings()) as rag:
        ...     print(rag.ask("What does the with statement do?").text)
    """

    def __init__(self, settings: Settings, store: Store, encoder: Encoder | None = None):
        self.settings = settings
        self.store = store
        self._encoder = encoder
        self._cross_encoder: CrossEncoder | None = None
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
    def ready(self) -> bool:
        """The models are loaded."""
        return self._encoder is not None

    def warm_up(self) -> None:
        """Load the models and run them once, so that the first question is fast."""
        self.encoder.encode_question("warm up")
        if needs_cross_encoder(self.settings.search.rerank):
            self.cross_encoder.score("warm", ["up"])

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
    ) -> Answer:
        """Find passages and answer from them, with citations. Raises: as `search`."""
        found = self._retrieve(question, collection, where, options, details)
        result = found.result
        started = perf_counter()
        text, sentences, citations = answer_from_passages(
            result, found.question.tokens, self.encoder, answer or self.settings.answer
        )
        timings = {**result.timings_ms, "answer": 1e3 * (perf_counter() - started)}
        return Answer(text, sentences, citations, result, timings)

    def close(self) -> None:
        """Release the database."""
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
        return retrieve(
            self.store, self.encoder, text, name, options, where, details, cross_encoder
        )

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
            raise CollectionNotFoundError(
                f"There is no collection {name!r:.80}; "
                + (f"there are: {known}." if known else "make one with `trident index PATH`.")
            ) from error
