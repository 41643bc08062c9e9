from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.parse.base import ParseError
from indexers.parse.decode import decode, normalize_newlines

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"))


@given(TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_text_with_a_byte_order_mark_or_in_utf_8_comes_back_whole(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café où l'été s'achève, déjà très tôt, près de la forêt.", "latin-1"),
        ("Därför går många på väg till ön för att få höra åskan över sjön.", "latin-1"),
        ("Zażółć gęślą jaźń. Wczoraj poszedłem do sklepu po świeże pieczywo.", "cp1250"),
        ("Съешь же ещё этих мягких французских булок да выпей чаю.", "windows-1251"),
        ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", "shift_jis"),
    ],
)
def test_other_encodings_are_guessed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"plain\0text", b"\x00\xff" * 9]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError, match="binary"):
        decode(data)


def test_all_newlines_become_one_kind() -> None:
    assert normalize_newlines("a\r\nb\rc\nd\r\r\n") == "a\nb\nc\nd\n\n"
    assert decode(b"a\r\nb") == "a\nb"


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(ParseError, match="UTF-8"):
        decode(bytes((index * index * 7 + 1) % 251 + 1 for index in range(500)))
