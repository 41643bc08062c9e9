"""Long passages are read in overlapping windows, and nothing of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.encoders.columns import ModelOutput
from rag.encoders.windows import encode_in_windows, plan_windows
from rag.types import SparseVector, TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import IntArray

LENGTH = 8


class LetterModel:
    """Every letter is a token, its vector and its term; two special tokens a text."""

    window_tokens = LENGTH

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        return [self.encode(text) for text in texts]

    def encode(self, text: str) -> ModelOutput:
        spans = self.token_spans([text])[0]
        letters = np.array([ord(text[start]) - ord("a") for start, _ in spans], np.int64)
        vectors = np.eye(26, dtype=np.float32)[letters[:LENGTH]]
        terms, counts = np.unique(letters[:LENGTH], return_counts=True)
        total = vectors.sum(0) if len(letters) else np.ones(26, np.float32)
        return ModelOutput(
            dense=total / np.linalg.norm(total),
            sparse=SparseVector(terms, counts.astype(np.float32)),
            tokens=TokenVectors(vectors, spans[:LENGTH]),
            token_count=len(letters) + 2,
            truncated=len(letters) > LENGTH,
        )

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        return [spans_of(text) for text in texts]

    def count(self, text: str) -> int:
        return len(spans_of(text))


def spans_of(text: str) -> IntArray:
    places = [(i, i + 1) for i, letter in enumerate(text) if letter != " "]
    return np.array(places, np.int64).reshape(-1, 2)


@given(st.text("ab c", max_size=40), st.integers(1, 9), st.integers(0, 9))
def test_windows_hold_every_token_within_the_length(text: str, length: int, overlap: int) -> None:
    spans = spans_of(text)
    windows = plan_windows(spans, length, overlap, len(text))
    covered = [
        [i for i, (start, end) in enumerate(spans) if w.start <= start and end <= w.end]
        for w in windows
    ]
    assert sorted({token for tokens in covered for token in tokens}) == list(range(len(spans)))
    assert max(map(len, covered)) <= length
    assert sum(window.tokens for window in windows) == len(spans)
    assert (windows[0].start, windows[-1].end) == (0, len(text))


@given(st.text("ab", min_size=9, max_size=40))
def test_neighbours_share_the_overlap(text: str) -> None:
    first, second, *_ = plan_windows(spans_of(text), 6, 2, len(text))
    assert first.end - second.start == 2


def test_a_window_begins_and_ends_with_a_whole_word_where_there_is_one() -> None:
    text = "aa bbb ccc dd"
    windows = plan_windows(spans_of(text), 6, 3, len(text))
    assert [text[window.start : window.end] for window in windows] == [
        "aa bbb",
        "bbb ccc",
        "ccc dd",
    ]


@given(st.text("abc ", max_size=40))
def test_what_is_joined_is_what_one_large_window_would_give(text: str) -> None:
    (windowed,) = encode_in_windows(LetterModel(), [text], 1)
    output = windowed.output
    letters = text.replace(" ", "")
    assert output.token_count == len(letters) + 2
    assert output.truncated is False
    assert output.sparse is not None
    assert output.sparse.indices.tolist() == sorted({ord(c) - ord("a") for c in letters})
    assert output.tokens is not None
    assert sum(windowed.rows) == len(output.tokens.vectors)
    rows = zip(output.tokens.vectors, output.tokens.spans, strict=True)
    assert all(row[ord(text[start]) - ord("a")] == 1 for row, (start, _) in rows)
    assert np.linalg.norm(output.dense) == pytest.approx(1, abs=1e-6)


def test_windows_weigh_by_what_is_new_in_them() -> None:
    (windowed,) = encode_in_windows(LetterModel(), ["aaaaaaaab"], 0)
    dense = windowed.output.dense
    assert dense is not None
    both = 4 * np.array([1, 0]) + 4 * np.array([1, 0]) + 1 * np.array([0, 1])
    assert dense[:2] == pytest.approx(both / np.linalg.norm(both), abs=1e-6)
    assert windowed.rows == (4, 4, 1)


def test_rows_that_stand_for_no_characters_stay_so() -> None:
    class Marked(LetterModel):
        def encode(self, text: str) -> ModelOutput:
            output = super().encode(text)
            assert output.tokens is not None
            spans = np.zeros_like(output.tokens.spans)
            return ModelOutput(None, None, TokenVectors(output.tokens.vectors, spans), 2, False)

    (windowed,) = encode_in_windows(Marked(), ["aaaaabbbbb"], 0)
    assert windowed.output.tokens is not None
    assert not windowed.output.tokens.spans.any()
