"""How well the full-text leg alone finds, language by language; no model is needed.

Documents are rows whole, and again as chunks of which the best one counts. Engine, words and
query are those of every search; only the vectors beside the text mean nothing.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.data.selection import Limits, select
from eval.data.trec import document_ranking
from eval.metrics import MAIN_MEASURE, evaluate, mean
from eval.progress import silent
from eval.synthetic.wordless import ENCODER, encoding
from indexers.chunk import chunk_document, chunk_id
from rag.store.base import CollectionSpec, HybridQuery
from rag.store.words import words
from rag.types import Chunk, Document, DocumentRows, Leg, Rerank, Row, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from eval.data.datasets import CorpusDocument, Dataset, Question
    from eval.progress import StepProgress
    from rag.settings import Settings
    from rag.store.base import Store

DOCUMENTS_PER_WRITE = 50
CANDIDATES = 100
NOT_SAID = "unknown"  # where the data do not say a question's language


@dataclass(frozen=True, slots=True)
class UnitReport:
    """The mean nDCG@10 by language, where a row is a chunk or a whole document."""

    rows: int
    ndcg10: Mapping[str, float]
    lowest: float


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """How many questions there are by language, and what was found for them."""

    dataset: str
    questions: Mapping[str, int]
    units: Mapping[Unit, UnitReport]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(dataset: Dataset, settings: Settings, progress: StepProgress = silent) -> LanguageReport:
    """Measure in a temporary database. Raises: SourceError, StoreError."""
    from rag.store.embedded import EmbeddedStore

    with tempfile.TemporaryDirectory(prefix="trident-eval-") as folder:
        store = EmbeddedStore.open(Path(folder))
        try:
            return measure(store, dataset, settings, progress)
        finally:
            store.close()


def measure(
    store: Store, dataset: Dataset, settings: Settings, progress: StepProgress = silent
) -> LanguageReport:
    """Measure in an open store; the collections that it makes are dropped."""
    by_language: dict[str, list[Question]] = defaultdict(list)
    for question in dataset.questions:
        by_language[question.language or NOT_SAID].append(question)
    return LanguageReport(
        dataset=dataset.name,
        questions={language: len(asked) for language, asked in by_language.items()},
        units={
            unit: _measure_unit(store, dataset, unit, settings, by_language, progress)
            for unit in Unit
        },
    )


def table(report: LanguageReport) -> str:
    """A Markdown table: a line for each language, a column for what a row is."""
    headings = " | ".join(f"nDCG@10, row = {unit}" for unit in report.units)
    lines = [
        f"| language | questions | {headings} |",
        "|---|---|" + "---|" * len(report.units),
    ]
    for language, questions in report.questions.items():
        scores = " | ".join(f"{unit.ndcg10[language]:.4f}" for unit in report.units.values())
        lines.append(f"| {language} | {questions} | {scores} |")
    return "\n".join(lines)


def _measure_unit(
    store: Store,
    dataset: Dataset,
    unit: Unit,
    settings: Settings,
    by_language: Mapping[str, Sequence[Question]],
    progress: StepProgress,
) -> UnitReport:
    collection = f"languages-{unit}"
    store.create_collection(CollectionSpec(collection, ENCODER))
    try:
        documents = _document_rows(dataset, unit, settings)
        while batch := list(islice(documents, DOCUMENTS_PER_WRITE)):
            store.write(collection, batch)
        store.wait_until_searchable(collection, settings.store.searchable_timeout)
        rows = store.describe(collection).rows
        values = _evaluate(store, collection, dataset, progress)
    finally:
        store.drop_collection(collection)
    means = {
        language: mean([values[question.id] for question in asked])
        for language, asked in by_language.items()
    }
    return UnitReport(rows, means, min(means.values()))


def _evaluate(
    store: Store, collection: str, dataset: Dataset, progress: StepProgress
) -> dict[str, float]:
    """nDCG@10 of each question."""
    run: dict[str, dict[str, float]] = {}
    for done, question in enumerate(dataset.questions, 1):
        hits = store.search(collection, _query(question.text))
        run[question.id] = dict(document_ranking(hits))
        progress("search", done, len(dataset.questions))
    return evaluate(select(dataset, Limits()).qrels, run)[MAIN_MEASURE]


def _query(text: str) -> HybridQuery:
    return HybridQuery(
        text=text,
        encoding=encoding(0),
        legs=(Leg.FULLTEXT,),
        rank_constant=1,
        rerank=Rerank.NONE,
        candidates=CANDIDATES,
        top_k=CANDIDATES,
        ef=CANDIDATES,
    )


def _document_rows(dataset: Dataset, unit: Unit, settings: Settings) -> Iterator[DocumentRows]:
    for number, document in enumerate(dataset.documents()):
        rows = tuple(Row(chunk, encoding(number)) for chunk in CHUNKERS[unit](document, settings))
        yield DocumentRows(document.id, revision="1", source=document.where, rows=rows)


def _whole(document: CorpusDocument, _settings: Settings) -> Sequence[Chunk]:
    text, id_ = document.text, chunk_id("", document.id, 0)
    return [Chunk(id_, document.id, document.title, text, position=0, start=0, end=len(text))]


def _chunks(document: CorpusDocument, settings: Settings) -> Sequence[Chunk]:
    """Of `chunk.size` words; long ones count two, as they do for most models' tokenizers."""
    read = Document(document.id, document.text, document.title)
    return chunk_document(read, "", _count_words, settings.chunk)


def _count_words(text: str) -> int:
    return sum(1 for _ in words(text, indexed=False))


CHUNKERS: Mapping[Unit, Callable[[CorpusDocument, Settings], Sequence[Chunk]]] = {
    Unit.CHUNK: _chunks,
    Unit.DOCUMENT: _whole,
}
