"""What indexing would take: exact for few files, in proportion for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.synthetic.corpus import write_corpus
from eval.synthetic.fake_encoder import FakeEncoder
from indexers.estimate import estimate
from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import SourceError
from rag.settings import IndexSettings
from rag.types import TensorStorage

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore

OPTIONS = IndexOptions(layout=IndexSettings(tensor_storage=TensorStorage.BIT))


def test_of_few_files_it_tells_what_indexing_them_gives(
    tmp_path: Path, store: EmbeddedStore, collection_name: str
) -> None:
    write_corpus(tmp_path, 200)
    found = estimate([tmp_path], FakeEncoder(), OPTIONS)
    report = index_paths([tmp_path], collection_name, store, FakeEncoder(), options=OPTIONS)
    assert found.exact
    assert (found.documents, found.chunks) == (report.added, report.chunks)
    columns = store.column_bytes(collection_name)
    assert found.column_bytes == pytest.approx(columns, rel=0.1)
    assert found.hours == pytest.approx(found.chunks / found.chunks_per_second / 3600)


def test_of_many_files_it_looks_at_some_and_multiplies(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text(f"Some text of number {number:03}.")
    found = estimate([tmp_path], FakeEncoder(), OPTIONS)
    assert not found.exact
    assert 0 < found.sampled_bytes < found.files_bytes
    assert found.documents == pytest.approx(200, rel=0.05)
    assert found.chunks == found.documents


def test_of_nothing_that_can_be_indexed_it_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    found = estimate([tmp_path], FakeEncoder(), OPTIONS)
    assert (found.files, found.documents, found.chunks, found.hours) == (1, 0, 0, 0.0)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="matches no file"):
        estimate([tmp_path / "none"], FakeEncoder(), OPTIONS)
