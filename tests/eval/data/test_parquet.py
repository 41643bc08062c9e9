"""Parquet files are read like lines, and what is wrong in them is named with its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from eval.data.corpus_file import provide_corpus
from eval.data.datasets import make_dataset, read_questions
from eval.data.formats import read_mldr
from eval.data.judgements import read_qrels, to_qrels
from eval.data.mldr_layouts import Split
from eval.data.parquet import read_parquet
from eval.data.selection import Limits, select
from eval.sweep.workspace import Workspace
from rag.errors import SourceError
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_mldr, write_mteb, write_parquet

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("split", Split)
def test_the_mirror_is_recognised_and_read_as_the_release_is(tmp_path: Path, split: Split) -> None:
    released = read_mldr(write_mldr(tmp_path / "release", "th"), "th", split)
    mirrored = read_mldr(write_mteb(tmp_path / "mirror", "th"), "th", split)
    assert mirrored.questions == released.questions
    assert to_qrels(mirrored.judgements) == to_qrels(released.judgements)
    pairs = [[(d.id, d.text) for d in dataset.documents()] for dataset in (released, mirrored)]
    assert pairs[0] == pairs[1]
    assert mirrored.language == "th"


def test_both_layouts_give_the_same_hash_of_the_data(tmp_path: Path) -> None:
    hashes = set()
    for name, write in (("release", write_mldr), ("mirror", write_mteb)):
        dataset = read_mldr(write(tmp_path / name, "en"), "en")
        workspace = Workspace(tmp_path / f"{name}-out")
        hashes.add(provide_corpus(dataset, select(dataset, Limits()), workspace).sha256)
    assert len(hashes) == 1


def test_documents_name_their_file_and_row(tmp_path: Path) -> None:
    dataset = read_mldr(write_mteb(tmp_path, "en"), "en")
    wheres = [document.where.rpartition("/")[2] for document in dataset.documents()]
    assert wheres[0] == "test-00000-of-00002.parquet row 1"
    assert wheres[-1] == f"test-00001-of-00002.parquet row {len(TEXTS) - -(-len(TEXTS) // 2)}"


def test_a_shard_that_is_missing_is_told(tmp_path: Path) -> None:
    write_mteb(tmp_path, "en", shards=3)
    (tmp_path / "en-corpus" / "test-00001-of-00003.parquet").unlink()
    with pytest.raises(SourceError, match=r"test-\*\.parquet are 2 files instead of 3"):
        read_mldr(tmp_path, "en")


def test_a_split_that_is_missing_is_told(tmp_path: Path) -> None:
    write_mteb(tmp_path, "en")
    (tmp_path / "en-qrels" / "test-00000-of-00001.parquet").unlink()
    with pytest.raises(SourceError, match=r"no file .*en-qrels/test"):
        read_mldr(tmp_path, "en")


def test_an_id_that_comes_twice_is_named_with_its_row(tmp_path: Path) -> None:
    records = [{"id": str(n % 130), "text": "x"} for n in range(150)]
    corpus = write_parquet(tmp_path / "c.parquet", records)
    question, judged = questions_and_qrels(tmp_path)
    dataset = make_dataset("twice", (corpus,), read_questions(question), read_qrels(judged))
    with pytest.raises(SourceError, match=r"c\.parquet row 131 has the id 0, which one before"):
        list(dataset.documents())


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    corpus = write_parquet(tmp_path / "c.parquet", [{"id": "a", "text": "x"}, {"id": "b"}])
    question, judged = questions_and_qrels(tmp_path)
    dataset = make_dataset("broken", (corpus,), read_questions(question), read_qrels(judged))
    with pytest.raises(SourceError, match=r'c\.parquet row 2 has no "text"'):
        list(dataset.documents())


def test_a_judgement_of_a_missing_document_is_named_with_its_row(tmp_path: Path) -> None:
    write_mteb(tmp_path, "en")
    rows = [(query_id, doc_id) for query_id, (_, doc_id) in QUESTIONS.items()]
    rows[2] = (rows[2][0], "nowhere")
    qrels = [{"query-id": q, "corpus-id": d, "score": 1} for q, d in rows]
    write_parquet(tmp_path / "en-qrels" / "test-00000-of-00001.parquet", qrels)
    dataset = read_mldr(tmp_path, "en")
    with pytest.raises(SourceError, match="row 3 judges the document nowhere"):
        provide_corpus(dataset, select(dataset, Limits()), Workspace(tmp_path / "out"))


@pytest.mark.parametrize("score", [0.5, None])
def test_a_relevance_that_is_no_whole_number_is_named(tmp_path: Path, score: float | None) -> None:
    rows = [{"query-id": "q", "corpus-id": "d", "score": value} for value in (1.0, score)]
    with pytest.raises(SourceError, match=r"q\.parquet row 2 has the relevance"):
        list(read_qrels(write_parquet(tmp_path / "q.parquet", rows)))


@pytest.mark.parametrize("keep", [0, 40, -40])
def test_a_file_that_is_not_whole_is_told(tmp_path: Path, keep: int) -> None:
    path = write_parquet(tmp_path / "c.parquet", [{"id": "a", "text": "x" * 1000}])
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(SourceError, match=r"c\.parquet is not a whole Parquet file"):
        list(read_parquet(path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        list(read_parquet(tmp_path / "none.parquet"))


def test_only_a_few_rows_are_held_at_once(tmp_path: Path) -> None:
    few, many = (filled(tmp_path / f"{rows}.parquet", rows) for rows in (1_000, 10_000))
    assert arrow_peak(many) < 2 * arrow_peak(few)


def filled(path: Path, rows: int) -> Path:
    """A corpus of different texts, in row groups of 100."""
    return write_parquet(path, [{"id": str(n), "text": f"{n} " * 500} for n in range(rows)])


def arrow_peak(path: Path) -> int:
    """Most bytes that Arrow held beyond those before, while the file was read."""
    before = pa.total_allocated_bytes()
    return max(pa.total_allocated_bytes() - before for _ in read_parquet(path))


def questions_and_qrels(folder: Path) -> tuple[Path, Path]:
    question = write_parquet(folder / "q.parquet", [{"id": "q", "text": "Why?"}])
    judged = [{"query-id": "q", "corpus-id": "1", "score": 1}]
    return question, write_parquet(folder / "qrels.parquet", judged)
