from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.encoders.embed_text import SPECIAL_TOKENS, embed_text
from rag.types import Chunk, ChunkContext


def words(text: str) -> int:
    return len(text.split())


def chunk(title: str, text: str) -> Chunk:
    return Chunk("id", "doc", title, text, 0, 0, len(text))


def test_the_title_stands_above_the_text() -> None:
    assert embed_text(chunk("Bees", "They dance."), words, 32) == "Bees\nThey dance."


@pytest.mark.parametrize("text", ["Bees dance.", "# Bees\n\nThey dance.", "**Bees** dance."])
def test_it_is_not_said_twice(text: str) -> None:
    assert embed_text(chunk("Bees", text), words, 32) == text


def test_the_section_follows_the_title_and_no_heading_is_said_twice() -> None:
    def within(section: str, text: str) -> str:
        place = Chunk("id", "doc", "Bees", text, 0, 0, len(text), {"section": section})
        return embed_text(place, words, 32)

    assert within("Hive > Castes", "Three.") == "Bees > Hive > Castes\nThree."
    assert within("Bees > Castes", "Three.") == "Bees > Castes\nThree."
    assert within("Bees > Castes", "## Castes\nThree.") == "Bees\n## Castes\nThree."
    assert within("Bees", "# Bees\nThree.") == "# Bees\nThree."


@pytest.mark.parametrize(
    ("context", "above"),
    [
        (ChunkContext.NONE, ""),
        (ChunkContext.TITLE, "Bees\n"),
        (ChunkContext.SECTION, "Hive > Castes\n"),
        (ChunkContext.TITLE_SECTION, "Bees > Hive > Castes\n"),
    ],
)
def test_what_stands_above_can_be_chosen(context: ChunkContext, above: str) -> None:
    place = Chunk("id", "doc", "Bees", "Three.", 0, 0, 6, {"section": "Hive > Castes"})
    assert embed_text(place, words, 32, context) == f"{above}Three."


def test_no_title_no_line() -> None:
    assert embed_text(chunk("", "They dance."), words, 32) == "They dance."


def test_a_title_that_does_not_fit_is_cut_and_the_text_is_whole() -> None:
    long = chunk("one two three four five six", "They dance.")
    assert embed_text(long, words, SPECIAL_TOKENS + 5) == "one two three\nThey dance."
    assert embed_text(long, words, SPECIAL_TOKENS + 2) == "They dance."


@given(st.lists(st.text("ab", min_size=1)), st.integers(1, 20), st.integers(0, 20))
def test_title_and_text_never_exceed_the_encoder(title: list[str], length: int, room: int) -> None:
    text = "word " * length
    encoded = embed_text(chunk(" ".join(title), text), words, SPECIAL_TOKENS + length + room)
    assert encoded.endswith(text)
    assert words(encoded) <= length + room
