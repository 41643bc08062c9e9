"""A question becomes plain words, cut as the passages were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.store.text_query import MARKER, MAX_QUESTION_WORDS, index_text, question_text
from rag.types import Leg, Rerank
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from rag.store.engine_store import EngineStore

SENTENCES = {
    "english": "The quick brown foxes jumped over 42 lazy dogs in C++",
    "german": "Die Straße nach Köln ist gesperrt",
    "french": "L'été à la plage était agréable",
    "turkish": "İstanbul büyük bir şehirdir",
    "russian": "Москва является столицей России",
    "chinese": "东京是日本的首都",
    "japanese": "これはペンです",
    "korean": "서울은 대한민국의 수도입니다",
    "thai": "กรุงเทพมหานครเป็นเมืองหลวง",
    "arabic": "القاهرة هي عاصمة مصر",
}
QUESTIONS = {
    "english": ["FOX", "dogs", "42", "c++", "jump"],
    "german": ["strasse", "KÖLN", "köln gesperrt?", "koln", "Straßen"],
    "french": ["été", "plage", "ete", "agreables"],
    "turkish": ["İSTANBUL", "şehirdir", "istanbul", "şehirleri", "buyuk"],
    "russian": ["москва", "СТОЛИЦЕЙ", "столицы"],
    "chinese": ["首都", "日本", "京"],
    "japanese": ["ペン"],
    "korean": ["서울", "수도"],
    "thai": ["เมืองหลวง"],
    "arabic": ["عاصمة", "عاصمه"],
}


@given(st.text())
def test_a_question_holds_nothing_but_words(text: str) -> None:
    words = question_text(text).split(" ")
    assert len(words) <= MAX_QUESTION_WORDS
    assert all(word.isprintable() and '"' not in word and ":" not in word for word in words)


@given(st.text())
def test_every_row_has_the_marker(text: str) -> None:
    assert index_text(text, text).split(" ")[-1] == MARKER


@pytest.mark.parametrize("text", ["", "?!", "\"'()[]{}:~^*", "😀", " \n\t"])
def test_text_without_words_gives_no_query(text: str) -> None:
    assert question_text(text) == ""


def test_operators_are_words() -> None:
    assert question_text("Bees AND (lilies OR NOT moon)") == "bees and lilies lilie or not moon"


@given(st.text())
def test_a_text_is_indexed_by_every_word_of_itself_as_a_question(text: str) -> None:
    assert set(question_text(text).split()) <= set(index_text("", text).split())


@given(st.text())
def test_normalization_is_stable(text: str) -> None:
    once = question_text(text)
    assert question_text(once) == once


def test_a_long_question_is_bounded() -> None:
    text = " ".join(f"word{i}" for i in range(20_000))
    assert len(question_text(text).split(" ")) == MAX_QUESTION_WORDS


@pytest.fixture(scope="module")
def library(store: EngineStore) -> str:
    store.create_collection(spec("library"))
    store.write("library", [document(name, text) for name, text in SENTENCES.items()])
    store.wait_until_searchable("library", 30)
    return "library"


def full_text(store: EngineStore, collection: str, question: str) -> list[str]:
    asked = query(question, legs=(Leg.FULLTEXT,), rerank=Rerank.NONE)
    return [hit.chunk.doc_id for hit in store.search(collection, asked)]


@pytest.mark.parametrize(
    ("language", "question"), [(name, q) for name, qs in QUESTIONS.items() for q in qs]
)
def test_words_of_many_languages_are_found(
    store: EngineStore, library: str, language: str, question: str
) -> None:
    assert full_text(store, library, question)[0] == language


@pytest.mark.parametrize(
    "question",
    [
        '"foxes',
        "foxes:dogs",
        "(foxes",
        "foxes~2 ^3 && || !",
        "foxes/jump\\",
        "__foxes__()",
        "😀 foxes 😀",
        "foxes " * 20_000,
        "foxes " + "x" * 100_000,
        "foxes " + " ".join(f"w{i}" for i in range(20_000)),
    ],
    ids=lambda question: question[:16],
)
def test_syntax_and_length_hide_no_word(store: EngineStore, library: str, question: str) -> None:
    assert "english" in full_text(store, library, question)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noise=st.text(max_size=40))
def test_no_noise_around_a_word_hides_it(store: EngineStore, library: str, noise: str) -> None:
    assert "english" in full_text(store, library, f"{noise} foxes {noise}")
