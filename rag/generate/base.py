"""What a generator is: question and passages in, an answer with citations out.

The language model behind most generators is `rag.types.LanguageModel`; `registry.py` finds
both by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator as PythonGenerator
    from collections.abc import Sequence

    from rag.generate.neighbours import Around
    from rag.ground.policy.rewriter import Rewriter
    from rag.settings import AnswerSettings
    from rag.types import (
        AnswerSentence,
        Chunk,
        Citation,
        CitationEvent,
        FloatArray,
        LanguageModel,
        Message,
        SearchResult,
        TokenEvent,
        Usage,
    )


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be understood without the conversation before it."""

    question: str
    usage: Usage | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """What is to be answered, and from what.

    `found.question` is the standalone question; `question_tokens` are its token vectors
    [q, k]; `around` is what stands around the passages.
    """

    found: SearchResult
    question_tokens: FloatArray
    settings: AnswerSettings
    around: Around = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer without the search behind it; no sentences: nothing answers the question.

    `sent` are the passages that it was made from, in their order; `rewriter` can write it anew.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    usage: Usage | None = None
    notices: tuple[str, ...] = ()
    prompt: str = ""
    sent: tuple[Chunk, ...] = ()
    rewriter: Rewriter | None = field(default=None, compare=False)


# What is yielded while the answer is made, and what is returned in the end.
Drafting: TypeAlias = "PythonGenerator[TokenEvent | CitationEvent, None, Draft]"


class Generator(Protocol):
    """Makes answers from passages. Safe to call from several threads."""

    @property
    def model(self) -> str:
        """Its name in the settings."""
        ...

    @property
    def language_model(self) -> LanguageModel | None:
        """What it asks; None where it asks none."""
        ...

    def standalone(self, question: str, history: Sequence[Message]) -> Standalone:
        """The question with what it takes from the conversation. Raises: as `draft`."""
        ...

    def draft(self, task: AnswerTask) -> Drafting:
        """Write the answer; the texts of the tokens add up to the text that is returned.

        Closing the iterator stops the model.
        Raises: GenerationError, GenerationTimeoutError, InputError.
        """
        ...

    def close(self) -> None:
        """Release its model; idempotent."""
        ...
