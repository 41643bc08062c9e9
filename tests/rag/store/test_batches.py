from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.store import batches
from rag.store.batches import insert_batches
from tests.rag.store.rows import document, encoding, spec

if TYPE_CHECKING:
    from rag.types import DocumentRows

ROW_BYTES = encoding(0).tokens.nbytes


def sizes(documents: list[DocumentRows]) -> list[int]:
    return [len(batch) for batch in insert_batches(spec("a"), documents, 1)]


def test_documents_share_calls_and_keep_their_order() -> None:
    (batch,) = insert_batches(spec("a"), [document("a", "1", "2"), document("b", "3")], 1)
    assert [row["id"] for row in batch] == ["a#0", "a#1", "b#0"]


def test_a_call_is_bounded_in_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_ROWS", 2)
    assert sizes([document("a", *"12345")]) == [2, 2, 1]


@pytest.mark.parametrize(
    ("limit", "expected"), [(1, [1] * 5), (2 * ROW_BYTES, [2, 2, 1]), (9 * ROW_BYTES, [5])]
)
def test_a_call_is_bounded_in_bytes_but_holds_a_row(
    monkeypatch: pytest.MonkeyPatch, limit: int, expected: list[int]
) -> None:
    monkeypatch.setattr(batches, "MAX_BYTES", limit)
    assert sizes([document("a", *"12345")]) == expected


def test_no_rows_are_no_calls() -> None:
    assert sizes([]) == sizes([document("empty")]) == []
