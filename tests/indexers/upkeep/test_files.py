"""Export and import."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from indexers.upkeep.files import export_collection, import_collection
from indexers.upkeep.format import Header
from rag.errors import CollectionExistsError, CollectionMismatchError, InputError, RowError
from rag.store.base import CollectionSpec, FieldType
from rag.types import Layout, Leg, TensorStorage, Unit
from tests.rag.store.rows import ENCODER, document, query

if TYPE_CHECKING:
    from pathlib import Path

    from rag.service import Rag
    from rag.store.embedded import EmbeddedStore

LAYOUTS = [Layout(unit, storage) for unit, storage in product(Unit, TensorStorage)]


def fill(store: EmbeddedStore, name: str, layout: Layout, documents: int = 30) -> None:
    store.create_collection(CollectionSpec(name, ENCODER, {"year": FieldType.INTEGER}, layout))
    written = [
        document(f"d{i}", *(f"text {i} {j}" for j in range(1 + i % 4)), metadata={"year": i})
        for i in range(documents)
    ]
    store.write(name, written)
    store.wait_until_searchable(name, 30)


def answers(store: EmbeddedStore, name: str, text: str) -> tuple[object, ...]:
    """What each leg finds with its scores, and the hits by MaxSim; rows with one score in any
    order."""
    asked = query(text)
    by_tokens = query(text, legs=(Leg.DENSE,), candidates=1000)
    legs = {leg: dict(ranking) for leg, ranking in store.leg_scores(name, asked).items()}
    return legs, store.search(name, by_tokens)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_an_imported_collection_gives_the_same_answers(
    store: EmbeddedStore, collection_name: str, tmp_path: Path, layout: Layout
) -> None:
    fill(store, collection_name, layout)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    imported = import_collection(store, file, f"{collection_name}-again", ENCODER)

    assert imported.documents == 30
    assert imported.rows == store.describe(collection_name).rows
    for text in ("text 3", "2 1", "29"):
        assert answers(store, imported.spec.name, text) == answers(store, collection_name, text)
    assert store.documents(imported.spec.name) == store.documents(collection_name)
    for doc_id in ("d0", "d7"):
        chunks = store.chunks(collection_name, doc_id)
        assert store.chunks(imported.spec.name, doc_id) == chunks


def test_real_answers_survive_the_way_through_a_file(
    rag: Rag, corpus: str, collection_name: str, tmp_path: Path
) -> None:
    file = tmp_path / "c.parquet"
    export_collection(rag.store, corpus, file)
    import_collection(rag.store, file, collection_name, rag.encoder.info)
    question = "Which volcano is active?"
    there, here = (rag.search(question, collection=name) for name in (corpus, collection_name))
    # The fused part of the score may differ: rows of equal score come in another order.
    assert {p.chunk.id: p.relevance for p in there.passages} == {
        p.chunk.id: p.relevance for p in here.passages
    }
    assert there.passages[0].chunk == here.passages[0].chunk


def test_a_file_of_other_models_is_refused(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    fill(store, collection_name, Layout(), 2)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    model = replace(ENCODER.models[0], sha256="1" * 64)
    with pytest.raises(CollectionMismatchError, match="was exported from"):
        import_collection(store, file, "other", replace(ENCODER, models=(model,)))


def test_a_name_that_is_taken_is_refused(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    fill(store, collection_name, Layout(), 2)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    with pytest.raises(CollectionExistsError):
        import_collection(store, file, None, ENCODER)


def test_an_interrupted_export_leaves_the_old_file_and_nothing_else(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    fill(store, collection_name, Layout(), 5)
    file = tmp_path / "c.parquet"
    file.write_text("old")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_collection(store, collection_name, file, interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["c.parquet"]
    assert file.read_text() == "old"


def test_an_interrupted_import_leaves_nothing_and_can_be_repeated(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    fill(store, collection_name, Layout(), 60)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    again = f"{collection_name}-again"

    def interrupt(_: int) -> None:
        assert again not in [info.spec.name for info in store.collections()]
        raise KeyboardInterrupt

    before = store.collections()
    with pytest.raises(KeyboardInterrupt):
        import_collection(store, file, again, ENCODER, interrupt)
    assert store.collections() == before
    assert import_collection(store, file, again, ENCODER).documents == 60


@pytest.mark.parametrize("content", [b"", b"PAR1 no", b"text"])
def test_a_file_that_is_no_parquet_is_refused(
    store: EmbeddedStore, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "c.parquet"
    file.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        import_collection(store, file, "other", ENCODER)


def test_another_parquet_file_is_refused(store: EmbeddedStore, tmp_path: Path) -> None:
    import pyarrow as pa

    pq.write_table(pa.table({"a": [1]}), tmp_path / "c.parquet")
    with pytest.raises(InputError, match="no exported collection"):
        import_collection(store, tmp_path / "c.parquet", "other", ENCODER)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tokens", b"\xff" * 3),
        ("dense", [float("nan")] * 16),
        ("dense", [1.0]),
        ("sparse_indices", [-1] * 6),
        ("windows", [0]),
        ("windows", [70000]),
        ("pieces", "{"),
        ("metadata", "no"),
        ("text", "a\0b"),
        ("position", None),
    ],
)
def test_what_would_harm_the_engine_is_refused(  # the file may come from anybody
    store: EmbeddedStore,
    collection_name: str,
    tmp_path: Path,
    layout: Layout,
    column: str,
    value: object,
) -> None:
    fill(store, collection_name, layout, 3)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    rows = pq.read_table(file)
    if column == "windows" and layout.unit is Unit.CHUNK:
        pytest.skip("not read for chunks")
    if column == "pieces" and layout.unit is Unit.CHUNK:
        pytest.skip("not used for chunks")
    if column == "tokens" and layout.tensor_storage is not TensorStorage.BIT:
        value = [0.5] * 3
    if column == "tokens" and layout.tensor_storage is TensorStorage.BIT:
        value = b""
    values = rows.to_pylist()
    values[1][column] = value
    import pyarrow as pa

    pq.write_table(pa.Table.from_pylist(values, rows.schema), file)
    if column == "tokens" and value == b"" and layout.unit is Unit.CHUNK:
        return  # a row without token vectors is allowed
    with pytest.raises((InputError, RowError)):
        import_collection(store, file, "other", ENCODER)
    assert "other" not in [info.spec.name for info in store.collections()]


def test_the_header_names_models_and_version(
    store: EmbeddedStore, collection_name: str, tmp_path: Path
) -> None:
    fill(store, collection_name, Layout(), 2)
    file = tmp_path / "c.parquet"
    export_collection(store, collection_name, file)
    header = Header.read(pq.read_schema(file), file)
    assert header.spec == store.spec(collection_name)
    assert header.documents == 2
