"""When to say nothing: questions that a collection answers beside questions that it does not.

Half of the documents, by a hash of their ids, are held out of a collection: questions about them
cannot be answered from it. What tells both apart is the relevance of the best passage, the mean
MaxSim of a question token. Each threshold has its coverage (the share of answerable questions
that are answered) and its false answers (the share of the others): the curve of a selective
classifier (El-Yaniv & Wiener 2010, JMLR 11).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.data.selection import select
from eval.grounding.data import Part, part_of
from eval.grounding.metrics import roc_auc
from eval.progress import silent
from eval.stats import environment
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import InputError
from rag.service import Rag
from rag.settings import StoreSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from eval.data.datasets import Dataset
    from eval.data.selection import Limits, Selection
    from eval.grounding.metrics import Array, Flags
    from eval.progress import StepProgress
    from eval.stats import Environment
    from rag.settings import Settings

COLLECTION = "abstention"
KEPT_COVERAGE = 0.95  # share of answerable questions that a threshold must let through
SHOWN_COVERAGES = (1.0, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5)


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does: both shares are of questions that are answered."""

    threshold: float
    coverage: float
    false_answers: float


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """The curve, and the threshold that keeps KEPT_COVERAGE."""

    environment: Environment
    encoder: str
    documents: int
    held_out: int
    answerable: int
    unanswerable: int
    auc: float
    curve: tuple[Point, ...]
    chosen: Point


def run(
    dataset: Dataset, settings: Settings, limits: Limits, progress: StepProgress = silent
) -> AbstentionReport:
    """Index the documents that are kept, ask everything, draw the curve.

    Raises: InputError where one kind of question is missing; as `Rag.search`.
    """
    selection = select(dataset, limits)
    held_out = {name for name in selection.required if part_of(name) is Part.TEST}
    answerable = np.array([_answerable(selection, q.id, held_out) for q in selection.questions])
    if answerable.all() or not answerable.any():
        raise InputError("All questions are of one kind; raise the limit of documents.")
    with tempfile.TemporaryDirectory(prefix="trident-abstention-") as folder:
        store = StoreSettings(path=Path(folder) / "store")
        with Rag.open(settings.model_copy(update={"store": store})) as rag:
            _index(rag, dataset, set(selection.required) - held_out, Path(folder), progress)
            relevances = _relevances(rag, selection, progress)
            encoder = rag.encoder.info.identity
    return AbstentionReport(
        environment=environment(),
        encoder=encoder,
        documents=len(selection.required) - len(held_out),
        held_out=len(held_out),
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        auc=roc_auc(relevances, answerable),
        curve=tuple(point_at(relevances, answerable, share) for share in SHOWN_COVERAGES),
        chosen=point_at(relevances, answerable, KEPT_COVERAGE),
    )


def point_at(
    relevances: Array,
    answerable: Flags,
    coverage: float,
) -> Point:
    """The highest threshold that answers this share of the answerable questions."""
    right = np.sort(relevances[answerable])[::-1]
    threshold = float(right[max(0, int(np.ceil(coverage * len(right))) - 1)])
    answered = relevances >= threshold
    return Point(threshold, float(answered[answerable].mean()), float(answered[~answerable].mean()))


def table(report: AbstentionReport) -> str:
    """Markdown for a person to read."""
    rows = [
        f"| {p.threshold:.3f} | {p.coverage:.3f} | {p.false_answers:.3f} |" for p in report.curve
    ]
    return "\n".join(
        (
            f"{report.answerable} answerable and {report.unanswerable} unanswerable questions; "
            f"{report.documents} documents, {report.held_out} held out; AUC {report.auc:.3f}",
            "",
            "| least relevance | answered of the answerable | answered of the others |",
            "|---|---|---|",
            *rows,
            "",
            f"ground.least_relevance = {report.chosen.threshold:.3f} keeps {KEPT_COVERAGE:.0%}",
        )
    )


def _answerable(selection: Selection, question: str, held_out: Collection[str]) -> bool:
    """Whether a document that answers it is in the collection."""
    return any(
        grade > 0 and document not in held_out
        for document, grade in selection.qrels[question].items()
    )


def _index(
    rag: Rag, dataset: Dataset, kept: Collection[str], folder: Path, progress: StepProgress
) -> None:
    """A file for each document; names are numbers, as ids may be no file names."""
    texts = folder / "texts"
    texts.mkdir()
    documents = (document for document in dataset.documents() if document.id in kept)
    for number, document in enumerate(documents, 1):
        (texts / f"{number}.txt").write_text(document.text, encoding="utf-8")
    options = IndexOptions(chunk=rag.settings.chunk, relative_to=texts)
    progress("index", 0, len(kept))
    index_paths([texts], COLLECTION, rag.store, rag.encoder, options=options)
    progress("index", len(kept), len(kept))


def _relevances(rag: Rag, selection: Selection, progress: StepProgress) -> Array:
    """Of the best passage for each question; -1 where there is none."""
    found: list[float] = []
    questions: Sequence[str] = [question.text for question in selection.questions]
    for question in questions:
        passages = rag.search(question, collection=COLLECTION).passages
        known = [p.relevance for p in passages if p.relevance is not None]
        found.append(max(known, default=-1.0))
        progress("ask", len(found), len(questions))
    return np.array(found, np.float64)
