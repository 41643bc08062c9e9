"""Answers and their citations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types.chat import Usage
    from rag.types.ground import Correction, Grounding
    from rag.types.search import SearchResult


@dataclass(frozen=True, slots=True)
class Citation:
    """What a number such as [1] in an answer stands for.

    `start` and `end` are character offsets of the quoted text in the document.
    """

    number: int
    chunk_id: str
    doc_id: str
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the citations that it carries."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its sentences, the citations they refer to, and the search behind it.

    `text` is the sentences with their citation marks. No sentences: nothing in the
    collection answers the question, and `text` says so. `model` and `prompt` (its version) say
    who wrote it from what instructions; `notices` what the user should know beside those of
    the search. `grounding` is of `text` as it stands, None where nothing was checked;
    `corrections` are what the policy changed.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    search: SearchResult
    timings_ms: Mapping[str, float]
    model: str = "extractive"
    prompt: str = ""
    usage: Usage | None = None
    notices: tuple[str, ...] = ()
    grounding: Grounding | None = None
    corrections: tuple[Correction, ...] = ()
