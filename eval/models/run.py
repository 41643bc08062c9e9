"""Runs presets over a test collection for `eval.models.table`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.judgements import to_qrels
from eval.data.subsets import read_ids
from eval.models.representations import (
    bm25_scores,
    dense_scores,
    encode_corpus,
    maxsim_scores,
    sparse_scores,
)
from eval.models.table import BM25, DENSE, MAXSIM, SPARSE, Scored, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from eval.data.datasets import CorpusDocument, Dataset
    from eval.data.judgements import Qrels
    from eval.models.table import Interval
    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.settings import Settings


def measure(
    dataset: Dataset,
    settings: Settings,
    presets: Sequence[str],
    only: Path | None,
    progress: StepProgress,
) -> dict[str, dict[str, Interval]]:
    """The table of each preset, by its name.

    `only` is a file of document ids (`eval.data.subsets.read_ids`): the corpus is cut down to
    these, and to the questions that they answer. Raises: SettingsError, WeightsError, SourceError.
    """
    from rag.encoders.loading import load_encoder

    documents = list(_kept(dataset.documents(), only))
    qrels = _answerable(to_qrels(dataset.judgements), documents)
    found = {}
    for name in presets:
        encoder = load_encoder(settings.encoder.model_copy(update={"preset": name}))
        scored = _scored(name, dataset, qrels, documents, encoder, settings, progress)
        found[name] = table(scored, qrels)
    return found


def _scored(
    name: str,
    dataset: Dataset,
    qrels: Qrels,
    documents: Sequence[CorpusDocument],
    encoder: Encoder,
    settings: Settings,
    progress: StepProgress,
) -> Scored:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(f"encoding with {name}", done, 0)

    corpus = encode_corpus(documents, encoder, settings.chunk, count)
    asked = [question for question in dataset.questions if question.id in qrels]
    questions = [encoder.encode_question(question.text) for question in asked]
    scores = {
        BM25: bm25_scores([question.text for question in asked], corpus),
        DENSE: dense_scores(questions, corpus),
        SPARSE: sparse_scores(questions, corpus, encoder.info.sparse_dim),
        MAXSIM: maxsim_scores(questions, corpus),
    }
    return Scored(tuple(question.id for question in asked), corpus.documents, scores)


def _kept(documents: Iterable[CorpusDocument], only: Path | None) -> Iterable[CorpusDocument]:
    if only is None:
        return documents
    ids = read_ids(only)
    return (document for document in documents if document.id in ids)


def _answerable(qrels: Qrels, documents: Sequence[CorpusDocument]) -> Qrels:
    """Judgements of the documents that are there; questions without any are left out."""
    there = {document.id for document in documents}
    kept = {
        question: {document: value for document, value in judged.items() if document in there}
        for question, judged in qrels.items()
    }
    return {question: judged for question, judged in kept.items() if any(judged.values())}
