from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.chunk import CHARACTERS_PER_TOKEN, chunk_document, chunk_id
from indexers.parse.base import Place
from rag.errors import SettingsError
from rag.settings import ChunkSettings
from rag.types import Chunk, Document

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

HOSTILE = st.one_of(
    st.text(),
    st.text("ab .!?\n\t\r\u2028\u00a0\u3000東京。😀👩‍👩‍👧A.Dr\"'()*#-", max_size=400),
    st.lists(
        st.sampled_from(
            [
                "Dr. Smith went home. ",
                "東京は日本の首都です。",
                "\n\n",
                "😀" * 40,
                " " * 500,
                "x" * 3000,
            ]
        ),
        max_size=30,
    ).map("".join),
)
SETTINGS = st.integers(16, 64).flatmap(
    lambda size: st.integers(0, size - 1).map(lambda o: ChunkSettings(size=size, overlap=o))
)


def words(text: str) -> int:
    """Counts what white space separates; a word of four characters or more is several tokens."""
    return sum(1 + len(word) // 4 for word in text.split())


def cut(
    text: str,
    settings: ChunkSettings,
    sections: tuple[int, ...] = (),
) -> list[Chunk]:
    return chunk_document(Document("d", text), "c", words, settings, sections)


def check(text: str, chunks: list[Chunk], size: int, count: object = words) -> None:
    assert callable(count)
    covered = set[int]()
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        assert count(chunk.text) <= size
        covered.update(range(chunk.start, chunk.end))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(chunks))


@given(HOSTILE, SETTINGS)
def test_chunks_have_exact_offsets_stay_below_the_size_and_lose_nothing(
    text: str, settings: ChunkSettings
) -> None:
    check(text, cut(text, settings), settings.size)


@given(HOSTILE, SETTINGS, st.lists(st.integers(0, 400), max_size=5))
def test_so_they_do_with_sections_anywhere(
    text: str, settings: ChunkSettings, starts: list[int]
) -> None:
    sections = tuple(start for start in starts if start < len(text))
    check(text, cut(text, settings, sections), settings.size)


@given(HOSTILE, SETTINGS)
def test_neighbours_share_at_most_the_overlap(text: str, settings: ChunkSettings) -> None:
    for before, after in pairwise(cut(text, settings)):
        if after.start < before.end:
            assert words(text[after.start : before.end]) <= settings.overlap


def test_so_they_do_with_the_tokens_of_the_encoder(encoder: Encoder) -> None:
    text = (
        "Dr. Smith's unbelievably long talk. 東京は日本の首都です。😀👩‍👩‍👧 " * 30 + "z" * 100_000
    )
    settings = ChunkSettings(size=32, overlap=8)
    chunks = chunk_document(Document("d", text), "c", encoder.count_tokens, settings)
    check(text, chunks, 32, encoder.count_tokens)


def test_a_word_that_is_one_token_whatever_its_length_is_cut_all_the_same() -> None:
    settings = ChunkSettings(size=64, overlap=0)
    chunks = chunk_document(Document("d", "x" * 100_000), "c", lambda _: 1, settings)
    assert max(len(chunk.text) for chunk in chunks) < 65 * CHARACTERS_PER_TOKEN


def test_a_short_text_is_one_chunk_without_outer_white_space() -> None:
    (chunk,) = cut("\n\n One. Two. \n", ChunkSettings())
    assert chunk.text == "One. Two."
    assert chunk.start == 3


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_no_text_no_chunks(text: str) -> None:
    assert cut(text, ChunkSettings()) == []


def test_a_chunk_ends_with_a_sentence() -> None:
    text = " ".join(f"Sentence {number} has few words." for number in range(40))
    chunks = cut(text, ChunkSettings(size=32, overlap=0))
    assert len(chunks) > 5
    assert all(chunk.text.endswith("words.") for chunk in chunks)


def test_whole_sentences_overlap() -> None:
    text = " ".join(f"Number {number} is it." for number in range(40))
    before, after = cut(text, ChunkSettings(size=32, overlap=16))[:2]
    assert after.start < before.end
    assert after.text.startswith("Number")


def test_a_paragraph_in_the_second_half_is_a_better_place_to_cut_than_a_sentence() -> None:
    text = "One two. Six ten. One two. Six ten.\n\nNew par. And so on. And so on. And so on."
    first = cut(text, ChunkSettings(size=16, overlap=0))[0]
    assert text[first.end :].startswith("\n\nNew par.")


def test_a_section_is_a_better_place_to_cut_than_a_paragraph_and_is_not_overlapped() -> None:
    text = "One two. Six ten. One two. Six.\n# Head\nNew.\n\nAnd so. And so on. And so on. So on."
    head = text.index("# Head")
    first, second = cut(text, ChunkSettings(size=16, overlap=8), (head,))
    assert first.end < head
    assert second.start == head


@pytest.mark.parametrize("space", ["\u2028", "\u3000"])
def test_wide_white_space_beside_an_initial_does_no_harm(space: str) -> None:
    (chunk,) = cut(f"x A{space}. ab", ChunkSettings())
    assert chunk.text == f"x A{space}. ab"


def test_long_code_is_cut_at_line_ends() -> None:
    code = "\n".join(f"value_{number} = compute({number}, of=thing)" for number in range(60))
    chunks = cut(code, ChunkSettings(size=64, overlap=0))
    assert len(chunks) > 3
    assert all(chunk.text.startswith("value_") and chunk.text.endswith(")") for chunk in chunks)


def test_a_chunk_carries_what_its_document_has() -> None:
    document = Document("d", "text", title="T", metadata={"year": 1})
    (chunk,) = chunk_document(document, "c", words, ChunkSettings())
    assert (chunk.doc_id, chunk.title, chunk.metadata) == ("d", "T", {"year": 1})
    assert chunk.id == chunk_id("c", "d", 0)


PLACES = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["1", "11"]), st.integers(0, 99))


@given(PLACES, PLACES)
def test_ids_are_short_hex_and_differ_for_different_places(
    one: tuple[str, str, int], other: tuple[str, str, int]
) -> None:
    assert (chunk_id(*one) == chunk_id(*other)) == (one == other)
    assert len(chunk_id(*one)) == 32
    assert int(chunk_id(*one), 16) >= 0


def test_the_id_of_a_place_never_changes() -> None:
    assert chunk_id("c", "d", 0) == "3291f1618e514facaef7a26760d6fefe"


@pytest.mark.parametrize("overlap", [16, 40])
def test_an_overlap_as_large_as_the_chunk_is_refused(overlap: int) -> None:
    with pytest.raises(SettingsError, match=f"overlap is {overlap} but must be less"):
        cut("text", ChunkSettings(size=16, overlap=overlap))


def test_a_block_stays_whole_where_a_chunk_has_room_for_it() -> None:
    rows = "\n".join(["one two three."] * 4)
    text = f"{'Some words stand before it. ' * 4}\n\n{rows}\n\nAfter it."
    block = (text.index(rows), text.index(rows) + len(rows))
    settings = ChunkSettings(size=16, overlap=0)
    chunks = chunk_document(Document("d", text), "c", words, settings, (), (), (block,))
    assert [chunk.text for chunk in chunks if "one two" in chunk.text] == [rows]
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)


def test_a_block_that_no_chunk_has_room_for_is_cut_at_its_lines() -> None:
    text = "\n".join(f"row {n} of the table" for n in range(20))
    settings = ChunkSettings(size=16, overlap=0)
    chunks = chunk_document(Document("d", text), "c", words, settings, (), (), ((0, len(text)),))
    assert len(chunks) > 1
    assert all(chunk.text.startswith("row") for chunk in chunks)
    assert "\n".join(chunk.text for chunk in chunks) == text


def test_a_chunk_tells_where_it_begins_unless_the_document_does() -> None:
    text = "\n\n".join(f"{name} {'part of it ' * 2}." for name in ("Before", "First", "Second"))
    places = (
        Place(text.index("First"), "One", 1),
        Place(text.index("Second"), "One > Two", None),
    )
    sections = tuple(place.start for place in places)
    settings = ChunkSettings(size=16, overlap=0)

    def metadata(document: Document) -> list[dict[str, object]]:
        chunks = chunk_document(document, "c", words, settings, sections, places)
        return [dict(chunk.metadata) for chunk in chunks]

    assert metadata(Document("d", text)) == [
        {},
        {"section": "One", "page": 1},
        {"section": "One > Two"},
    ]
    own = Document("d", text, metadata={"page": 7, "year": 2020})
    assert metadata(own)[1] == {"section": "One", "page": 7, "year": 2020}
