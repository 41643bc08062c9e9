"""Where test collections lie on disk: MLDR's layout, and three files in BEIR's style."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from eval.datasets import DOCUMENT_ID_KEYS, QUERY_ID_KEYS, Dataset, make_dataset, read_questions
from eval.judgements import Judgement, read_qrels
from eval.records import read_records
from rag.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MLDR_LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "th", "zh")


class Split(StrEnum):
    """A part of MLDR's questions."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


def parse_split(name: str) -> Split:
    """A split by its name. Raises: InputError."""
    if name not in set(Split):
        raise InputError(f"MLDR has no split {name!r}; it has {', '.join(Split)}.")
    return Split(name)


def read_mldr(folder: Path, language: str, split: Split = Split.TEST) -> Dataset:
    """MLDR in one language, from a folder in the layout of its release.

    `mldr-v1.0-LANGUAGE/{corpus,train,dev,test}.jsonl.gz` and
    `qrels/qrels.mldr-v1.0-LANGUAGE-{dev,test}.tsv` (Chen et al. 2024, BGE M3-Embedding,
    arXiv:2402.03216). The training split has no qrels: its positive passages are.

    Raises: SourceError.
    """
    if language not in MLDR_LANGUAGES:
        raise SourceError(f"MLDR has no language {language!r}; it has {', '.join(MLDR_LANGUAGES)}.")
    name = f"mldr-v1.0-{language}"
    if not (folder / name).is_dir():
        raise SourceError(f"{folder} has no folder {name}, so it does not hold MLDR in {language}.")
    queries = folder / name / f"{split}.jsonl.gz"
    if split is Split.TRAIN:
        judgements = _training_judgements(queries)
    else:
        judgements = read_qrels(folder / "qrels" / f"qrels.{name}-{split}.tsv")
    return make_dataset(
        f"{folder.resolve().name}/{name}-{split}",
        folder / name / "corpus.jsonl.gz",
        read_questions(queries),
        judgements,
        language,
    )


def read_files(corpus: Path, queries: Path, qrels: Path) -> Dataset:
    """A test collection in three files, plain or gzipped.

    `corpus` has lines `{docid|_id|id, title?, text}`, `queries` lines
    `{query_id|_id|id, query|text}`, `qrels` 3 or 4 columns with or without a heading.

    Raises: SourceError.
    """
    name = corpus.resolve().parent.name
    return make_dataset(name, corpus, read_questions(queries), read_qrels(qrels))


def _training_judgements(path: Path) -> Iterator[Judgement]:
    for record in read_records(path):
        query_id = record.identifier(*QUERY_ID_KEYS)
        for passage in record.records("positive_passages"):
            doc_id = passage.identifier(*DOCUMENT_ID_KEYS)
            yield Judgement(query_id, doc_id, 1, record.where)
