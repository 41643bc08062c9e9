"""Words and their stems, alike for every language."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.words import MAX_WORD, STEM_LENGTH, words


def cut(text: str) -> list[str]:
    return list(words(text, indexed=True))


def asked(text: str) -> list[str]:
    return list(words(text, indexed=False))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("restaurants", "restaurant"),
        ("Häuser", "hauser"),
        ("ILICA", "ılıca"),
        ("Москвой", "Москва"),
        ("Ελληνικά", "ελληνικα"),
        ("الإسلام", "الاسلام"),
        ("مدرسةٌ", "مدرسه"),
        ("ज़मीन", "जमीन"),
        ("Đống", "dong"),
        ("Łódź", "lodz"),
    ],
)
def test_spellings_and_endings_of_a_word_meet_in_its_stem(one: str, other: str) -> None:
    assert set(asked(one)) & set(cut(other)) or set(asked(other)) & set(cut(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("إسلام", "اسلام"), ("ज़रा", "जरा"), ("ışık", "işik"), ("şi", "și"), ("שָׁלוֹם", "שלום")],
)
def test_spellings_that_are_interchanged_are_one_word(one: str, other: str) -> None:
    assert asked(one)[0] == asked(other)[0]


def test_a_short_word_with_diacritics_is_asked_for_with_them() -> None:
    assert asked("Köln") == ["köln"]
    assert asked("Brötchen") == ["brötchen", "brotc"]
    assert asked("koln") == ["koln"]


def test_a_word_keeps_its_own_spelling_beside_its_stem() -> None:
    assert cut("Köln") == ["köln", "koln"]
    assert cut("rivers") == ["rivers", "river"]
    assert cut("river") == ["river"]


def test_numbers_have_no_stem() -> None:
    assert cut("1234567 ١٢٣٤٥٦٧") == ["1234567", "١٢٣٤٥٦٧"]


def test_unspaced_scripts_are_cut_into_pairs() -> None:
    assert asked("東京都") == ["東京", "京都"]
    assert cut("東京都") == ["東", "京", "都", "東京", "京都"]
    assert asked("서울은 x 京") == ["서울", "울은", "x", "京"]


def test_vowel_signs_are_letters_of_a_stem() -> None:
    assert cut("पैंथर्स")[1] == "पैंथर"


@given(st.text())
def test_composed_and_decomposed_text_have_the_same_words(text: str) -> None:
    assert cut(normalize("NFD", text)) == cut(normalize("NFC", text))


@given(st.text())
def test_no_word_is_longer_than_the_engine_takes(text: str) -> None:
    assert all(0 < len(word) <= MAX_WORD for word in cut(text))


@given(st.text(alphabet=st.characters(categories=["Ll"]), min_size=1, max_size=12))
def test_a_stem_is_a_word_that_is_its_own_stem(text: str) -> None:
    for word in cut(text):
        stem = cut(word)[-1]
        assert len(stem) <= max(STEM_LENGTH, len(word))
        assert cut(stem)[-1] == stem
