"""Citation marks are taken out of text that arrives in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generate.marks import Mark, MarkReader, Piece


def read(text: str, width: int = 1000) -> list[Piece]:
    """Pieces of a text that comes `width` characters at a time; text that touches is one."""
    reader = MarkReader()
    fed = [text[start : start + width] for start in range(0, len(text), width)]
    pieces = [piece for part in fed for piece in reader.feed(part)] + list(reader.finish())
    merged: list[Piece] = []
    for piece in pieces:
        if merged and isinstance(piece, str) and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [
        ("[1]", (1,)),
        (" [1]", (1,)),
        ("[1, 3]", (1, 3)),
        ("[2-4]", (2, 3, 4)),
        ("[1; 12]", (1, 12)),
        ("【2】", (2,)),
        ("[^3]", (3,)),
        ("[[4]]", (4,)),
    ],
)
def test_every_common_form_of_a_mark_is_read(mark: str, numbers: tuple[int, ...]) -> None:
    assert read(f"Bees dance{mark}.") == ["Bees dance", Mark(numbers), "."]


@pytest.mark.parametrize("text", ["a[i] = 1", "In [1987] it rained.", "[sic]", "[1", "x [", "&lt"])
def test_what_is_no_mark_stays(text: str) -> None:
    assert read(text) == [text]


def test_the_sign_that_was_escaped_for_the_prompt_is_itself_again() -> None:
    assert read("a &lt; b", 1) == ["a < b"]


@given(st.text(alphabet=st.sampled_from("ab .[]12,-【】&lt;\n^"), max_size=40), st.integers(1, 7))
def test_how_the_text_is_cut_into_pieces_makes_no_difference(text: str, width: int) -> None:
    assert read(text, width) == read(text)


def test_text_is_not_held_back_longer_than_a_mark_can_be() -> None:
    reader = MarkReader()
    assert list(reader.feed("Bees dance")) == ["Bees dance"]
    assert list(reader.feed(" [")) == []
    assert list(reader.feed("x")) == [" [x"]
