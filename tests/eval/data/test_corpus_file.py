"""The corpus that is indexed is the data set's, checked on the way."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from eval.data.corpus_file import provide_corpus
from eval.data.formats import read_files
from eval.data.selection import Limits, select
from eval.sweep.workspace import Workspace
from rag.errors import InputError, SourceError
from tests.corpus import TEXTS
from tests.eval.collection import write_beir, write_jsonl, write_qrels

if TYPE_CHECKING:
    from pathlib import Path

    from eval.data.corpus_file import CorpusFile


def provide(folder: Path, work: Path, limits: Limits | None = None) -> CorpusFile:
    dataset = read_files(folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels.tsv")
    return provide_corpus(dataset, select(dataset, limits or Limits()), Workspace(work))


def ids(work: Path) -> list[str]:
    lines = Workspace(work).corpus.read_text().splitlines()
    return [json.loads(line)["docid"] for line in lines]


def test_all_documents_are_written_in_order(tmp_path: Path) -> None:
    write_beir(tmp_path)
    assert provide(tmp_path, tmp_path / "out").documents == len(TEXTS)
    assert ids(tmp_path / "out") == list(TEXTS)


def test_a_limit_keeps_what_the_questions_need_and_fills_up_with_the_first(tmp_path: Path) -> None:
    write_beir(tmp_path)
    provide(tmp_path, tmp_path / "out", Limits(docs=4, queries=3))
    assert ids(tmp_path / "out") == ["bees", "volcano", "sourdough", "python"]


def test_a_judged_document_that_is_missing_is_named_with_the_line_of_the_judgement(
    tmp_path: Path,
) -> None:
    write_beir(tmp_path)
    write_qrels(tmp_path / "qrels.tsv", [("q-bees", "bees", 1), ("q-king", "checkers", 1)])
    with pytest.raises(SourceError, match=r"qrels\.tsv:2 judges the document checkers"):
        provide(tmp_path, tmp_path / "out")
    assert not Workspace(tmp_path / "out").corpus.exists()


def test_what_is_no_text_does_not_reach_the_index(tmp_path: Path) -> None:
    write_beir(tmp_path)
    write_qrels(tmp_path / "qrels.tsv", [("q-bees", "a", 1)])
    write_jsonl(tmp_path / "corpus.jsonl", [r'{"id": "a", "text": "x\u0000y\ud800z"}'])
    provide(tmp_path, tmp_path / "out")
    assert json.loads(Workspace(tmp_path / "out").corpus.read_text())["text"] == "x y z"


def test_the_hash_is_that_of_the_content_wherever_it_lies(tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_beir(tmp_path / name)
        hashes.append(provide(tmp_path / name, tmp_path / name / "out").sha256)
    assert hashes[0] == hashes[1]
    write_qrels(tmp_path / "one" / "qrels.tsv", [("q-bees", "bees", 1)])
    assert provide(tmp_path / "one", tmp_path / "three").sha256 != hashes[0]


def test_the_same_corpus_is_not_written_again(tmp_path: Path) -> None:
    write_beir(tmp_path)
    first = provide(tmp_path, tmp_path / "out")
    written = Workspace(tmp_path / "out").corpus.stat().st_mtime_ns
    assert provide(tmp_path, tmp_path / "out") == first
    assert Workspace(tmp_path / "out").corpus.stat().st_mtime_ns == written


def test_a_touched_corpus_is_read_again_and_found_the_same(tmp_path: Path) -> None:
    write_beir(tmp_path)
    first = provide(tmp_path, tmp_path / "out")
    os.utime(tmp_path / "corpus.jsonl", ns=(0, 0))
    assert provide(tmp_path, tmp_path / "out") == first


def test_a_folder_with_other_documents_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    write_beir(tmp_path)
    provide(tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match="other documents, questions or limits"):
        provide(tmp_path, tmp_path / "out", Limits(queries=2))
    assert ids(tmp_path / "out") == list(TEXTS)
