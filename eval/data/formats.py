"""Where test collections lie on disk: MLDR's layouts, and three files in BEIR's style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.data_files import read_data
from eval.data.datasets import (
    DOCUMENT_ID_KEYS,
    QUERY_ID_KEYS,
    Dataset,
    make_dataset,
    read_questions,
)
from eval.data.judgements import Judgement, read_qrels
from eval.data.mldr_layouts import Split, layout_of
from rag.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MLDR_LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "th", "zh")


def parse_split(name: str) -> Split:
    """A split by its name. Raises: InputError."""
    if name not in set(Split):
        raise InputError(f"MLDR has no split {name!r}; it has {', '.join(Split)}.")
    return Split(name)


def check_language(language: str) -> None:
    """Refuse a language that MLDR does not have. Raises: SourceError."""
    if language not in MLDR_LANGUAGES:
        raise SourceError(f"MLDR has no language {language!r}; it has {', '.join(MLDR_LANGUAGES)}.")


def read_mldr(folder: Path, language: str, split: Split = Split.TEST) -> Dataset:
    """MLDR in one language, from a folder in either layout of `eval.data.mldr_layouts`.

    The release's training split has no qrels: its positive passages are.

    Raises: SourceError.
    """
    check_language(language)
    files = layout_of(folder, language).files(folder, language, split)
    return make_dataset(
        f"{folder.resolve().name}/mldr-v1.0-{language}-{split}",
        files.corpus,
        read_questions(*files.questions),
        read_qrels(*files.qrels) if files.qrels else _judged_inside(files.questions),
        language,
    )


def read_files(corpus: Path, queries: Path, qrels: Path) -> Dataset:
    """A test collection in three files: JSON lines, plain or gzipped, or Parquet.

    `corpus` has records `{docid|_id|id, title?, text}`, `queries` records
    `{query_id|_id|id, query|text}`, `qrels` is as `read_qrels` says.

    Raises: SourceError.
    """
    name = corpus.resolve().parent.name
    return make_dataset(name, (corpus,), read_questions(queries), read_qrels(qrels))


def _judged_inside(paths: Iterable[Path]) -> Iterator[Judgement]:
    for record in read_data(paths):
        query_id = record.identifier(*QUERY_ID_KEYS)
        for passage in record.records("positive_passages"):
            doc_id = passage.identifier(*DOCUMENT_ID_KEYS)
            yield Judgement(query_id, doc_id, 1, record.where)
