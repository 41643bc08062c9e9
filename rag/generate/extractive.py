"""Answers without a language model: the passages' own best sentences, each cited.

A sentence is scored by late interaction (MaxSim, Khattab & Zaharia 2020,
arXiv:2004.12832): the mean over the question's tokens of the best token in the
sentence. Token vectors come from the whole passage, so that a sentence is read in its
context.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.generate.base import Draft, Standalone
from rag.generate.conversation import last_question, recent
from rag.generate.texts import nothing_found
from rag.ground.sentences import Sentence, split_sentences
from rag.settings import EXTRACTIVE
from rag.types import AnswerSentence, Citation, CitationEvent, TokenEvent
from rerankers.maxsim import maxsim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.encoders.base import Encoder
    from rag.generate.base import AnswerTask, Drafting
    from rag.settings import AnswerSettings, GeneratorSettings
    from rag.types import FloatArray, Message, Passage, SearchResult, TokenVectors

# A further sentence is quoted only when it is at least half as close as the best one: in a
# trained space what is beside the point falls far below that.
RELATIVE_FLOOR = 0.5
# Shorter "sentences" are headings, list marks and remains of tables.
FEWEST_WORDS = 4
FOOTNOTE_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with its mean MaxSim to the question."""

    passage: Passage
    sentence: Sentence
    score: float

    @property
    def quote(self) -> str:
        """The sentence on one line, without footnote marks that would pass for citations."""
        return " ".join(FOOTNOTE_MARK.sub("", self.sentence.text).split())


def answer_from_passages(
    result: SearchResult, question: FloatArray, encoder: Encoder, settings: AnswerSettings
) -> tuple[str, tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """Text, sentences and citations that answer `result.question` from its passages.

    `question` is its token vectors [q, k].
    """
    passages = result.passages[: settings.passages]
    candidates = score_sentences(question, passages, encoder) if len(question) else []
    chosen = choose(candidates, settings.sentences)
    if not chosen:
        return nothing_found(result.collection), (), ()
    return cite(chosen)


class ExtractiveGenerator:
    """The generator without a model. Safe to call from several threads."""

    model = EXTRACTIVE
    language_model = None

    def __init__(self, settings: GeneratorSettings, encoder: Encoder):
        self._history = settings.history
        self._encoder = encoder

    def standalone(self, question: str, history: Sequence[Message]) -> Standalone:
        """The user's last question before this one, and this one.

        A follow-up seldom names what it is about, and its predecessor does.
        """
        before = last_question(recent(history, self._history))
        return Standalone(f"{before} {question}".strip())

    def draft(self, task: AnswerTask) -> Drafting:
        """Quote; each sentence is given with its mark and its citation."""
        text, sentences, citations = answer_from_passages(
            task.found, task.question_tokens, self._encoder, task.settings
        )
        if not sentences:
            yield TokenEvent(text)
        for place, (sentence, citation) in enumerate(zip(sentences, citations, strict=True)):
            yield TokenEvent(f"{' ' if place else ''}{sentence.text} [{citation.number}]")
            yield CitationEvent(citation)
        sent = tuple(passage.chunk for passage in task.found.passages[: task.settings.passages])
        return Draft(text, sentences, citations, sent=sent)

    def close(self) -> None:
        """There is nothing to release."""


def score_sentences(
    question: FloatArray, passages: Sequence[Passage], encoder: Encoder
) -> list[Candidate]:
    """Every usable sentence of the passages, scored against question tokens [q, k]."""
    vectors = encoder.token_vectors([passage.chunk.text for passage in passages])
    return [
        candidate
        for passage, tokens in zip(passages, vectors, strict=True)
        for candidate in _score_passage(question, passage, tokens)
    ]


def choose(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The best distinct sentences, best first, none far below the best.

    Whole sentences come before fragments such as headings, which win on overlap and
    say nothing.
    """
    ranked = sorted(candidates, key=lambda c: (not _is_claim(c.sentence), -c.score))
    chosen: dict[str, Candidate] = {}
    for candidate in ranked:
        if candidate.score >= RELATIVE_FLOOR * ranked[0].score:
            chosen.setdefault(candidate.quote.casefold(), candidate)
    return list(chosen.values())[:limit]


def cite(
    chosen: Sequence[Candidate],
) -> tuple[str, tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """Number the chosen sentences and point each at its place in its document."""
    numbered = list(enumerate(chosen, 1))
    sentences = tuple(AnswerSentence(c.quote, (number,)) for number, c in numbered)
    text = " ".join(f"{c.quote} [{number}]" for number, c in numbered)
    return text, sentences, tuple(_citation(number, c) for number, c in numbered)


def _score_passage(question: FloatArray, passage: Passage, tokens: TokenVectors) -> list[Candidate]:
    sentences = split_sentences(passage.chunk.text)
    starts = np.array([sentence.start for sentence in sentences], dtype=np.int64)
    offsets = np.append(np.searchsorted(tokens.spans[:, 0], starts), len(tokens.vectors))
    scores = maxsim(question, tokens.vectors, offsets) / len(question)
    return [
        Candidate(passage, sentence, float(score))
        for sentence, score in zip(sentences, scores, strict=True)
        if np.isfinite(score)
    ]


def _is_claim(sentence: Sentence) -> bool:
    """A whole sentence; scripts without spaces are counted by length."""
    long_enough = len(sentence.text.split()) >= FEWEST_WORDS or not sentence.text.isascii()
    return sentence.is_complete and long_enough


def _citation(number: int, candidate: Candidate) -> Citation:
    chunk, sentence = candidate.passage.chunk, candidate.sentence
    return Citation(
        number=number,
        chunk_id=chunk.id,
        doc_id=chunk.doc_id,
        title=chunk.title,
        start=chunk.start + sentence.start,
        end=chunk.start + sentence.end,
        quote=sentence.text,
    )
