"""MLDR is read as it was released, and so are the sets that stand in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.data.formats import MLDR_LANGUAGES, Split, parse_split, read_files, read_mldr
from eval.data.judgements import to_qrels
from rag.errors import InputError, SourceError
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_mldr
from tests.eval.shared_data import data_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("language", MLDR_LANGUAGES)
def test_every_language_of_mldr(tmp_path: Path, language: str) -> None:
    dataset = read_mldr(write_mldr(tmp_path, language), language)
    assert dataset.language == language
    assert [document.id for document in dataset.documents()] == list(TEXTS)
    assert len(dataset.questions) == len(QUESTIONS)


@pytest.mark.parametrize("split", Split)
def test_every_split_has_its_judgements_the_training_one_in_its_passages(
    tmp_path: Path, split: Split
) -> None:
    dataset = read_mldr(write_mldr(tmp_path, "en"), "en", split)
    expected = {query_id: {doc_id: 1} for query_id, (_, doc_id) in QUESTIONS.items()}
    assert to_qrels(dataset.judgements) == expected
    assert dataset.name.endswith(f"mldr-v1.0-en-{split}")


def test_what_is_not_mldr_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no language 'xx'; it has ar, de"):
        read_mldr(tmp_path, "xx")
    with pytest.raises(SourceError, match=r"no folder mldr-v1\.0-de"):
        read_mldr(write_mldr(tmp_path, "en"), "de")
    with pytest.raises(InputError, match="no split 'all'; it has train, dev, test"):
        parse_split("all")


@pytest.mark.parametrize(
    ("name", "split", "questions", "documents"),
    [
        ("mldr-layout-tiny", Split.TEST, 40, 30),
        ("mldr-layout-tiny", Split.DEV, 10, 30),
        ("mldr-layout-squad", Split.TEST, 800, 490),
        ("mldr-layout-squad", Split.DEV, 200, 490),
    ],
)
def test_the_stand_ins_for_mldr(name: str, split: Split, questions: int, documents: int) -> None:
    dataset = read_mldr(data_path(name), "en", split)
    assert len(dataset.questions) == questions
    ids = {document.id for document in dataset.documents()}
    assert len(ids) == documents
    assert {judgement.doc_id for judgement in dataset.judgements} <= ids


@pytest.mark.parametrize(
    ("name", "questions", "documents"),
    [("covidqa-long-en", 1322, 98), ("xquad-long-multi", 2400, 576)],
)
def test_long_document_sets_in_three_files(name: str, questions: int, documents: int) -> None:
    folder = data_path(name)
    files = (folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels.tsv")
    dataset = read_files(*files)
    assert dataset.name == name
    assert len(dataset.questions) == questions
    assert sum(1 for _ in dataset.documents()) == documents
