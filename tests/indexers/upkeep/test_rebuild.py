"""Copy, rebuild and compact."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from indexers.upkeep.rebuild import compact_collection, copy_collection, rebuild_collection
from rag.errors import CollectionExistsError, CollectionMismatchError, StoreError
from rag.store.base import CollectionSpec
from rag.types import Layout, Leg, TensorStorage, Unit
from tests.indexers.tiny_encoder import TinyEncoder
from tests.indexers.upkeep.test_files import answers, fill
from tests.rag.store.process import ROOT
from tests.rag.store.rows import ENCODER, document, query

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore

LAYOUTS = [Layout(), Layout(Unit.DOCUMENT, TensorStorage.BIT)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_copy_gives_the_same_answers(
    store: EmbeddedStore, collection_name: str, layout: Layout
) -> None:
    fill(store, collection_name, layout)
    to = f"{collection_name}-copy"
    copy_collection(store, collection_name, to)
    assert answers(store, to, "text 3") == answers(store, collection_name, "text 3")
    with pytest.raises(CollectionExistsError):
        copy_collection(store, collection_name, to)


def by_vectors(store: EmbeddedStore, name: str, text: str) -> tuple[object, ...]:
    """BM25 counts deleted rows, too, so that its scores change when they are gone."""
    legs, hits = answers(store, name, text)
    assert isinstance(legs, dict)
    return {leg: found for leg, found in legs.items() if leg is not Leg.FULLTEXT}, hits


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_rebuilt_collection_gives_the_same_answers_and_merges_again(
    store: EmbeddedStore, collection_name: str, layout: Layout
) -> None:
    fill(store, collection_name, layout)
    store.delete(collection_name, ["d3", "d4"])
    assert not store.merge_indexes(collection_name, always=True)
    before = store.describe(collection_name)
    found = by_vectors(store, collection_name, "text 3")

    after = rebuild_collection(store, collection_name)

    assert by_vectors(store, collection_name, "text 3") == found
    assert (after.documents, after.rows) == (before.documents, before.rows)
    assert after.uid != before.uid
    assert store.merge_indexes(collection_name, always=True)


def test_a_document_longer_than_a_read_comes_back_whole(
    store: EmbeddedStore, collection_name: str
) -> None:
    fill(store, collection_name, Layout(), 3)
    store.write(collection_name, [document("long", *(f"part {i}" for i in range(150)))])
    rebuild_collection(store, collection_name)
    chunks = store.chunks(collection_name, "long")
    assert [chunk.text for chunk in chunks] == [f"part {i}" for i in range(150)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_rebuild_with_another_encoder_encodes_the_texts_anew(
    store: EmbeddedStore, collection_name: str, layout: Layout
) -> None:
    fill(store, collection_name, layout)
    encoder = TinyEncoder()
    texts = [chunk.text for chunk in store.chunks(collection_name, "d7")]
    rebuild_collection(store, collection_name, encoder)
    assert store.spec(collection_name).encoder == encoder.info
    assert [chunk.text for chunk in store.chunks(collection_name, "d7")] == texts
    asked = query("text 7 2", encoder.encode_question("Title of d7\ntext 7 2"))
    assert store.search(collection_name, asked)[0].chunk.doc_id == "d7"


def test_a_write_meanwhile_is_not_lost(store: EmbeddedStore, collection_name: str) -> None:
    fill(store, collection_name, Layout())

    def write(_: int) -> None:
        store.write(collection_name, [document("new", "a new text")])

    with pytest.raises(StoreError, match="changed meanwhile"):
        rebuild_collection(store, collection_name, progress=write)
    assert "new" in store.documents(collection_name)
    rebuild_collection(store, collection_name)
    assert "new" in store.documents(collection_name)


def test_readers_see_the_old_or_the_new_and_never_neither(
    store: EmbeddedStore, collection_name: str
) -> None:
    fill(store, collection_name, Layout(), 10)
    done, failures, searches = threading.Event(), [], 0
    asked = query("text 3", legs=(Leg.DENSE,))
    expected = store.search(collection_name, asked)

    def search() -> None:
        nonlocal searches
        while not done.is_set():
            try:
                if store.search(collection_name, asked) != expected:
                    failures.append("other hits")
            except StoreError as error:
                failures.append(str(error))
            searches += 1

    reader = threading.Thread(target=search)
    reader.start()
    for _ in range(3):
        rebuild_collection(store, collection_name)
    done.set()
    reader.join()
    assert searches
    assert not failures


def test_compact_rebuilds_only_when_enough_rows_are_deleted(
    store: EmbeddedStore, collection_name: str
) -> None:
    fill(store, collection_name, Layout(), 30)
    assert compact_collection(store, collection_name) == (False, 0.0)
    store.delete(collection_name, ["d1"])
    done, share = compact_collection(store, collection_name)
    assert not done
    assert 0 < share < 0.2
    store.delete(collection_name, [f"d{i}" for i in range(15)])
    done, share = compact_collection(store, collection_name)
    assert done
    assert share > 0.2
    assert compact_collection(store, collection_name) == (False, 0.0)


@pytest.mark.parametrize("when", ["filling", "publishing", "published"])
def test_a_kill_leaves_the_old_or_the_new_collection_whole_and_nothing_else(
    tmp_path: Path, when: str
) -> None:
    command = [sys.executable, "-m", "tests.indexers.upkeep.kill_run", str(tmp_path / "store")]
    killed = subprocess.run([*command, when], cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    seen = subprocess.run([*command, "look"], cwd=ROOT, capture_output=True, check=True)
    state = json.loads(seen.stdout.splitlines()[-1])
    assert state["names"] == ["kept"]
    assert state["documents"] == 30
    assert state["hits"] == state["expected"] > 0
    assert state["tables"] == 1
    assert state["intents"] == 0


def test_words_that_were_cut_by_other_rules_are_cut_anew(
    store: EmbeddedStore, collection_name: str
) -> None:
    store.create_collection(CollectionSpec(collection_name, ENCODER, words=1))
    with pytest.raises(CollectionMismatchError, match="collections rebuild"):
        store.search(collection_name, query())
    rebuild_collection(store, collection_name)
    assert store.search(collection_name, query()) == []
