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

from rag.ground.sentences import Sentence, split_sentences
from rag.types import AnswerSentence, Citation
from rerankers.maxsim import maxsim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.encoders.base import Encoder
    from rag.settings import AnswerSettings
    from rag.types import FloatArray, Passage, SearchResult, TokenVectors

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
        return f"Nothing in {result.collection} answers this question.", (), ()
    return cite(chosen)


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
