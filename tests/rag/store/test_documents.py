"""Rows of whole documents, made from the rows of their chunks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.store.documents import laid_out, whole_text
from rag.store.pieces import dump_pieces, load_pieces
from rag.types import Chunk, DocumentRows, Layout, Unit
from tests.rag.store.rows import document, encoding, row, sparse, spec

if TYPE_CHECKING:
    import pytest

DOCUMENTS = replace(spec("c"), layout=Layout(unit=Unit.DOCUMENT))


def cut(text: str, *spans: tuple[int, int]) -> list[Chunk]:
    return [
        Chunk(f"d#{i}", "d", "Title", text[start:end], i, start, end)
        for i, (start, end) in enumerate(spans)
    ]


def test_chunks_stay_rows_where_the_unit_is_a_chunk() -> None:
    written = [document("d", "one", "two")]
    assert laid_out(spec("c"), written) is written


def test_a_document_is_one_row_of_all_that_its_chunks_have() -> None:
    first = replace(encoding(1, tokens=3), sparse=sparse({2: 1.0, 9: 0.5}))
    second = replace(encoding(2, tokens=4), sparse=sparse({2: 3.0}))
    rows = (row("d", 0, "some words", first), row("d", 1, "more words", second))
    (whole,) = laid_out(DOCUMENTS, [DocumentRows("d", "1", "d.txt", rows)])
    (only,) = whole.rows
    assert (whole.doc_id, whole.revision, whole.source) == ("d", "1", "d.txt")
    assert (only.chunk.id, only.chunk.text) == ("d#0", "some wordsmore words")
    assert only.pieces == tuple(r.chunk for r in rows)
    assert np.array_equal(only.encoding.dense, [first.dense, second.dense])
    assert np.array_equal(only.encoding.tokens, np.concatenate([first.tokens, second.tokens]))
    assert only.encoding.windows == (3, 4)
    assert only.encoding.sparse.indices.tolist() == [2, 9]
    assert only.encoding.sparse.values.tolist() == [3.0, 0.5]


def test_a_document_with_too_many_tokens_is_several_rows_with_ids_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rag.store.documents.MAX_TOKEN_ROWS", 10)
    rows = tuple(row("d", i, "ten chars.", encoding(i, tokens=5)) for i in range(5))
    (whole,) = laid_out(DOCUMENTS, [DocumentRows("d", "1", "", rows)])
    assert [part.encoding.windows for part in whole.rows] == [(5, 5), (5, 5), (5,)]
    assert [part.chunk.id for part in whole.rows] == ["d#0", "d#2", "d#4"]
    assert [part.chunk.position for part in whole.rows] == [0, 1, 2]
    assert [(part.chunk.start, part.chunk.end) for part in whole.rows] == [
        (0, 20),
        (20, 40),
        (40, 50),
    ]


def test_a_document_without_chunks_has_no_row() -> None:
    (empty,) = laid_out(DOCUMENTS, [DocumentRows("d", "1", "", ())])
    assert empty.rows == ()


def test_the_text_of_overlapping_chunks_is_whole() -> None:
    text = "One two.\n\nThree four. Five."
    chunks = cut(text, (0, 8), (10, 21), (16, 21), (22, 27))
    assert whole_text(chunks) == text


@settings(max_examples=50, deadline=None)
@given(st.text("ab \n", min_size=1), st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_pieces_are_found_again_in_the_whole_text(text: str, cuts: list[int]) -> None:
    borders = sorted({0, len(text), *(c % len(text) for c in cuts)})
    chunks = cut(text, *pairwise(borders))
    whole = replace(chunks[0], text=whole_text(chunks), end=len(text))
    assert load_pieces(dump_pieces(chunks), whole) == chunks
