"""Collections, documents and hybrid search, in this process and through a server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.errors import CollectionExistsError, CollectionNotFoundError, InputError, StoreError
from rag.store.base import FieldType
from rag.store.engine import read
from rag.store.schema import TABLE_PREFIX
from rag.types import Leg, Rerank
from rerankers.fusion import reciprocal_rank_fusion
from rerankers.maxsim import maxsim
from tests.rag.store.rows import ENCODER, SPARSE_DIM, document, encoding, query, sparse, spec

if TYPE_CHECKING:
    from rag.store.engine_store import EngineStore

DOCUMENTS = [document(f"d{i}", "some words", f"apple number {i}", "pear") for i in range(60)]


@pytest.fixture(scope="module")
def orchard(store: EngineStore) -> str:
    store.create_collection(spec("orchard"))
    store.write("orchard", DOCUMENTS)
    store.wait_until_searchable("orchard", 30)
    return "orchard"


def test_a_collection_is_what_it_was_made_with(store: EngineStore, collection_name: str) -> None:
    fields = {"year": FieldType.INTEGER, "Year": FieldType.STRING}
    made = store.create_collection(spec(collection_name, fields))
    assert made.spec == spec(collection_name, fields)
    assert store.describe(collection_name) == made
    assert store.spec(collection_name) == made.spec
    assert made in store.collections()


def test_names_that_differ_only_in_case_are_two_collections(
    store: EngineStore, collection_name: str
) -> None:
    other = collection_name.upper()
    store.create_collection(spec(collection_name))
    store.create_collection(spec(other))
    store.write(other, [document("a", "x")])
    assert (store.describe(collection_name).rows, store.describe(other).rows) == (0, 1)


def test_a_second_collection_of_one_name_is_refused(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    with pytest.raises(CollectionExistsError, match=collection_name):
        store.create_collection(spec(collection_name))


@pytest.mark.parametrize("name", ["", "1a", "a b", "a;drop", "ä", "a" * 64, "../a"])
def test_names_that_could_harm_are_refused(store: EngineStore, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        store.create_collection(spec(name))
    with pytest.raises(InputError, match="cannot be the name"):
        store.create_collection(spec("fine", {name: FieldType.STRING}))


def test_a_dropped_collection_is_gone_and_its_name_free(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", "x")])
    store.drop_collection(collection_name)
    with pytest.raises(CollectionNotFoundError):
        store.describe(collection_name)
    assert store.create_collection(spec(collection_name)).rows == 0


def test_a_chunk_comes_back_as_it_was_written(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name, {"year": FieldType.INTEGER}))
    text = "some words with 'quotes', \"more\", \\ and 東京\n\tlines"
    written = document("d", text, metadata={"year": 2020, "free": "it's", "flag": True, "x": 0.5})
    store.write(collection_name, [written])
    store.wait_until_searchable(collection_name, 30)
    (hit,) = store.search(collection_name, query())
    assert hit.chunk == written.rows[0].chunk


def test_every_leg_sees_every_row_once_waited_for(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    for start in range(0, 300, 100):
        store.write(collection_name, [document(f"d{start + i}", "words") for i in range(100)])
    store.wait_until_searchable(collection_name, 30)
    # A question of every term: the sparse leg too must find all.
    everything = replace(encoding(0), sparse=sparse(dict.fromkeys(range(SPARSE_DIM), 1.0)))
    rankings = store.leg_rankings(
        collection_name, query("words", encoded=everything, candidates=400)
    )
    assert {leg: len(set(ids)) for leg, ids in rankings.items()} == dict.fromkeys(Leg, 300)


def test_legs_rank_exactly(store: EngineStore, orchard: str) -> None:
    asked = query("apple number 7", encoded=encoding(5))
    rankings = store.leg_rankings(orchard, asked)
    rows = [row for d in DOCUMENTS for row in d.rows]
    dense = sorted(rows, key=lambda r: -float(r.encoding.dense @ asked.encoding.dense))
    assert rankings[Leg.DENSE][:20] == [row.chunk.id for row in dense[:20]]
    assert rankings[Leg.FULLTEXT][0] == "d7#1"
    assert len(rankings[Leg.SPARSE]) > 0


def test_fusion_is_reciprocal_rank_fusion_of_the_legs(store: EngineStore, orchard: str) -> None:
    asked = query("apple number 7", rerank=Rerank.NONE, top_k=50)
    rankings = store.leg_rankings(orchard, asked)
    expected = dict(reciprocal_rank_fusion(list(rankings.values())))
    hits = store.search(orchard, asked)
    assert [hit.score for hit in hits] == pytest.approx(sorted(expected.values())[::-1][:50])
    assert all(hit.score == pytest.approx(expected[hit.chunk.id]) for hit in hits)


def test_rerank_orders_the_fused_candidates_by_exact_maxsim(
    store: EngineStore, orchard: str
) -> None:
    hits = store.search(orchard, query("apple number 7", top_k=20))
    tokens = {row.chunk.id: row.encoding.tokens for d in DOCUMENTS for row in d.rows}
    for hit in hits:
        document_tokens = tokens[hit.chunk.id]
        expected = maxsim(encoding(0).tokens, document_tokens, [0, len(document_tokens)])[0]
        assert hit.score == pytest.approx(float(expected), abs=1e-4)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("leg", Leg)
def test_each_leg_works_alone(store: EngineStore, orchard: str, leg: Leg) -> None:
    asked = query("apple number 7", legs=(leg,), rerank=Rerank.NONE, top_k=5)
    hits = store.search(orchard, asked)
    assert [h.chunk.id for h in hits] == store.leg_rankings(orchard, asked)[leg][:5]


def test_top_k_bounds_what_is_returned(store: EngineStore, orchard: str) -> None:
    assert len(store.search(orchard, query(top_k=3))) == 3


def test_a_question_of_another_width_is_refused(store: EngineStore, orchard: str) -> None:
    wide = replace(encoding(0), tokens=np.ones((2, 16), np.float32))
    with pytest.raises(InputError, match="tokens"):
        store.search(orchard, query(encoded=wide))


def test_a_replaced_document_has_only_its_new_rows(
    store: EngineStore, collection_name: str
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", "old one", "old two"), document("b", "b")])
    store.write(collection_name, [document("a", "new", revision="2")])
    store.wait_until_searchable(collection_name, 30)
    texts = {hit.chunk.text for hit in store.search(collection_name, query("old new b"))}
    assert texts == {"new", "b"}
    stored = store.documents(collection_name)["a"]
    assert (stored.revision, stored.rows) == ("2", 1)
    assert store.describe(collection_name).rows == 2


def test_delete_says_how_many_were_there(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("a", "x"), document("b", "x")])
    assert store.delete(collection_name, ["a", "a", "none"]) == 1
    assert set(store.documents(collection_name)) == {"b"}
    assert store.delete(collection_name, []) == 0


def test_waiting_is_right_after_deletes(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document(f"d{i}", "x") for i in range(20)])
    store.wait_until_searchable(collection_name, 30)
    store.delete(collection_name, [f"d{i}" for i in range(15)])
    store.write(collection_name, [document("new", "x")])
    store.wait_until_searchable(collection_name, 30)
    assert len(store.search(collection_name, query("x"))) == 6


def test_waiting_for_too_short_a_time_is_a_clear_failure(
    store: EngineStore, collection_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("d", "x")])
    with monkeypatch.context() as patch:
        patch.setattr("rag.store.searchable._indexed", lambda *_: 0)
        with pytest.raises(StoreError, match="TRIDENT_STORE__SEARCHABLE_TIMEOUT"):
            store.wait_until_searchable(collection_name, 0.001)
    store.wait_until_searchable(collection_name, 30)


def test_an_empty_collection_answers_with_nothing(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.wait_until_searchable(collection_name, 5)
    assert store.search(collection_name, query()) == []
    assert store.leg_rankings(collection_name, query()) == {leg: [] for leg in Leg}


def test_a_large_document_is_written_whole(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document("large", *["words"] * 9000)])
    assert store.describe(collection_name).rows == 9000


def test_the_encoder_is_remembered_whole(store: EngineStore, orchard: str) -> None:
    assert store.spec(orchard).encoder == ENCODER


def test_an_unknown_collection_is_named(store: EngineStore) -> None:
    for use in (
        store.describe,
        store.spec,
        store.documents,
        store.drop_collection,
        lambda name: store.search(name, query()),
        lambda name: store.write(name, []),
        lambda name: store.delete(name, []),
        lambda name: store.wait_until_searchable(name, 1),
    ):
        with pytest.raises(CollectionNotFoundError, match="nowhere"):
            use("nowhere")


def tables(store: EngineStore) -> set[str]:
    names = read(store._engine, "list", lambda database: database.list_tables().table_names)
    return {name for name in names if name.startswith(TABLE_PREFIX)}


def test_a_dropped_collection_leaves_no_table(store: EngineStore, collection_name: str) -> None:
    before = tables(store)
    store.create_collection(spec(collection_name))
    store.drop_collection(collection_name)
    assert tables(store) == before


def test_candidates_bound_every_leg(store: EngineStore, orchard: str) -> None:
    rankings = store.leg_rankings(orchard, query("some words", candidates=5))
    assert {leg: len(ids) for leg, ids in rankings.items()} == dict.fromkeys(Leg, 5)


def test_a_question_without_words_terms_and_tokens_is_ranked_by_what_is_left(
    store: EngineStore, orchard: str
) -> None:
    bare = replace(encoding(5), sparse=sparse({}), tokens=np.zeros((0, 8), np.float32))
    asked = query("?!", encoded=bare)
    dense = store.leg_rankings(orchard, asked)[Leg.DENSE][:10]
    assert [hit.chunk.id for hit in store.search(orchard, asked)] == dense
    assert store.search(orchard, replace(asked, legs=(Leg.SPARSE, Leg.FULLTEXT))) == []


def test_a_deleted_document_is_found_by_no_leg(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    store.write(collection_name, [document(f"d{i}", "words") for i in range(20)])
    store.delete(collection_name, ["d7"])
    store.wait_until_searchable(collection_name, 30)
    for leg, ids in store.leg_rankings(collection_name, query("words")).items():
        assert "d7#0" not in ids, leg


def test_megabytes_of_text_come_back_whole(store: EngineStore, collection_name: str) -> None:
    store.create_collection(spec(collection_name))
    written = document("large", "word " * 400_000)
    store.write(collection_name, [written])
    (hit,) = store.search(collection_name, query(legs=(Leg.DENSE,)))
    assert hit.chunk.text == written.rows[0].chunk.text


def test_questions_from_several_threads_do_not_mix(store: EngineStore, orchard: str) -> None:
    def ask(n: int) -> str:
        asked = query(f"number {n % 60}", legs=(Leg.FULLTEXT,), rerank=Rerank.NONE, top_k=1)
        return store.search(orchard, asked)[0].chunk.doc_id

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(300))) == [f"d{n % 60}" for n in range(300)]
