from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from indexers.removal import delete_documents
from rag.errors import InputError
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore


@pytest.fixture
def folder(tmp_path: Path, collection_name: str, store: EmbeddedStore) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Text {name}.")
    index(tmp_path, collection_name, store)
    return tmp_path


def index(folder: Path, collection: str, store: EmbeddedStore) -> tuple[int, int]:
    options = IndexOptions(relative_to=folder)
    report = index_paths([folder], collection, store, TinyEncoder(), options=options)
    return report.added, report.unchanged


def test_a_deleted_document_is_gone_and_the_next_run_writes_it_again(
    folder: Path, collection_name: str, store: EmbeddedStore
) -> None:
    removal = delete_documents(store, collection_name, ["a.txt"])
    assert removal.deleted == ("a.txt",)
    assert removal.returning == (str(folder / "a.txt"),)
    assert sorted(store.documents(collection_name)) == ["b.txt"]
    assert index(folder, collection_name, store) == (1, 1)


def test_a_document_whose_file_is_gone_does_not_return(
    folder: Path, collection_name: str, store: EmbeddedStore
) -> None:
    (folder / "a.txt").unlink()
    assert delete_documents(store, collection_name, ["a.txt"]).returning == ()


@pytest.mark.usefixtures("folder")
def test_nothing_is_deleted_when_one_of_them_is_not_there(
    collection_name: str, store: EmbeddedStore
) -> None:
    with pytest.raises(InputError, match=r"no document 'c\.txt'"):
        delete_documents(store, collection_name, ["a.txt", "c.txt"])
    assert sorted(store.documents(collection_name)) == ["a.txt", "b.txt"]
