"""What part of a test collection a run evaluates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data.judgements import to_qrels
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.data.datasets import Dataset, Question
    from eval.data.judgements import Judgement, Qrels


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many documents and questions; None: all."""

    docs: int | None = None
    queries: int | None = None

    @property
    def partial(self) -> bool:
        """The figures are not those of the whole collection."""
        return self.docs is not None or self.queries is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """The questions to ask and the documents that must be there to answer them.

    `required` gives for each document id the judgement that names it: every judged document
    of the collection, or under a limit of documents those relevant to the questions.
    """

    limits: Limits
    questions: tuple[Question, ...]
    qrels: Qrels
    required: Mapping[str, Judgement]


def select(dataset: Dataset, limits: Limits) -> Selection:
    """The first questions whose relevant documents fit within the limits.

    Raises: InputError when there is none.
    """
    questions = _questions(dataset, _relevant(dataset), limits)
    if not questions:
        raise InputError(
            f"No question of {dataset.name} fits within {limits.docs} documents and "
            f"{limits.queries} questions; raise the limits."
        )
    asked = {question.id for question in questions}
    judgements = [j for j in dataset.judgements if j.query_id in asked]
    needed = dataset.judgements if limits.docs is None else [j for j in judgements if j.relevant]
    return Selection(limits, questions, to_qrels(judgements), {j.doc_id: j for j in needed})


def _questions(
    dataset: Dataset, relevant: Mapping[str, set[str]], limits: Limits
) -> tuple[Question, ...]:
    chosen: list[Question] = []
    documents: set[str] = set()
    for question in dataset.questions:
        if len(chosen) == limits.queries:
            break
        together = documents | relevant[question.id]
        if limits.docs is None or len(together) <= limits.docs:
            chosen.append(question)
            documents = together
    return tuple(chosen)


def _relevant(dataset: Dataset) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for judgement in dataset.judgements:
        if judgement.relevant:
            relevant.setdefault(judgement.query_id, set()).add(judgement.doc_id)
    return relevant
