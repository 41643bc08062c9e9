"""Retrieval test collections: a corpus, questions, and which documents answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data.data_files import read_data
from eval.data.records import broken
from rag.errors import SourceError
from rag.retrieve import UNPRINTABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eval.data.judgements import Judgement

DOCUMENT_ID_KEYS = ("docid", "_id", "id")
QUERY_ID_KEYS = ("query_id", "_id", "id")
QUERY_TEXT_KEYS = ("query", "text")
QUERY_LANGUAGE_KEYS = ("lang", "language")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document as it stands in the corpus; `where` names its file and line or row."""

    id: str
    title: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the test collection; `language` is "" where its line does not say it."""

    id: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A test collection; its corpus stays on disk, in one file or several.

    `questions` are those with a relevant document, in file order; `unjudged` counts the
    others, which no measure can rate. `language` is that of MLDR, None elsewhere.
    """

    name: str
    corpus: tuple[Path, ...]
    questions: tuple[Question, ...]
    judgements: tuple[Judgement, ...]
    unjudged: int = 0
    language: str | None = None

    def documents(self) -> Iterator[CorpusDocument]:
        """The corpus, one document at a time; only the ids are held in memory.

        A document without text counts its title as its text, as some BEIR sets have it.
        Raises: SourceError for a broken line or an id that was there before.
        """
        seen: set[str] = set()
        for record in read_data(self.corpus):
            doc_id = record.identifier(*DOCUMENT_ID_KEYS)
            if doc_id in seen:
                raise broken(record.where, f"has the id {doc_id}, which one before it has")
            seen.add(doc_id)
            title = record.text("title", default="")
            yield CorpusDocument(doc_id, title, record.text("text") or title, record.where)


def make_dataset(
    name: str,
    corpus: tuple[Path, ...],
    questions: Iterable[Question],
    judgements: Iterable[Judgement],
    language: str | None = None,
) -> Dataset:
    """Put a test collection together. Raises: SourceError when questions and qrels disagree."""
    asked, judged = tuple(questions), tuple(judgements)
    _check_questions(asked, judged)
    answered = {judgement.query_id for judgement in judged if judgement.relevant}
    used = tuple(question for question in asked if question.id in answered)
    if not used:
        raise SourceError(f"No question of {name} has a relevant document; check the qrels.")
    return Dataset(name, corpus, used, judged, len(asked) - len(used), language)


def read_questions(*paths: Path) -> Iterator[Question]:
    """Questions of JSONL or Parquet files (BEIR, MLDR, MTEB). Raises: SourceError."""
    seen: set[str] = set()
    for record in read_data(paths):
        query_id = record.identifier(*QUERY_ID_KEYS)
        text = UNPRINTABLE.sub(" ", record.text(*QUERY_TEXT_KEYS)).strip()
        if not text:
            raise broken(record.where, "asks nothing")
        if query_id in seen:
            raise broken(record.where, f"has the id {query_id}, which one before it has")
        seen.add(query_id)
        yield Question(query_id, text, record.text(*QUERY_LANGUAGE_KEYS, default=""))


def _check_questions(questions: tuple[Question, ...], judgements: tuple[Judgement, ...]) -> None:
    known = {question.id for question in questions}
    stray = next((j for j in judgements if j.query_id not in known), None)
    if stray:
        raise broken(stray.where, f"judges the question {stray.query_id}, which is not there")
