"""Windows mix documents, encode the longest first, and give documents back whole, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.items import FinishedSource, PreparedDocument
from indexers.window import SLICE, EncodeWindow, InFlight
from rag.types import Chunk, Document
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.window import Encoded

ENCODER = TinyEncoder()


def prepared(name: str, lengths: Sequence[int]) -> PreparedDocument:
    texts = tuple(f"{name}{position} " * length for position, length in enumerate(lengths))
    chunks = tuple(Chunk(f"{name}-{i}", name, "", text, i, 0, 1) for i, text in enumerate(texts))
    return PreparedDocument(Document(name, ""), "1", chunks, texts, name, 1)


def encode(window: EncodeWindow) -> int:
    """Encode all that is in the window; how many chunks that was."""
    slices = window.slices()
    for part in slices:
        part.fill(ENCODER.encode_documents(part.texts))
    return sum(len(part.places) for part in slices)


def run(window: EncodeWindow, documents: Sequence[PreparedDocument]) -> list[list[Encoded]]:
    """Feed all; what is given back after each window, and at the end."""
    given = []
    for document in documents:
        for _full in window.add(document):
            assert encode(window) > 0
            given.append(window.take_whole())
        window.finish(FinishedSource(document.document.id))
    encode(window)
    return [*given, window.take_whole()]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=12), max_size=8),
    st.integers(1, 40),
)
def test_every_document_comes_back_whole_in_order_followed_by_its_source(
    lengths: list[list[int]], size: int
) -> None:
    documents = [prepared(f"d{n}", each) for n, each in enumerate(lengths)]
    given = [item for batch in run(EncodeWindow(size), documents) for item in batch]
    names = [i.prepared.document.id if isinstance(i, InFlight) else i.source for i in given]
    assert names == [name for n in range(len(lengths)) for name in (f"d{n}", f"d{n}")]
    for item in given:
        if isinstance(item, InFlight):
            for row, text in zip(item.rows().rows, item.prepared.texts, strict=True):
                assert row.encoding.token_count == ENCODER.encode_question(text).token_count
                assert (row.encoding.dense == ENCODER.encode_question(text).dense).all()


def test_a_window_holds_chunks_of_several_documents_longest_first() -> None:
    seen: list[list[str]] = []
    window = EncodeWindow(size=3 * SLICE)
    for n in range(3):
        for _full in window.add(prepared(f"d{n}", range(1, SLICE + 1))):
            seen += [part.texts for part in window.slices()]
    texts = [text for part in seen for text in part]
    assert [len(part) for part in seen] == [SLICE] * 3
    assert [len(text) for text in texts] == sorted(map(len, texts), reverse=True)
    assert {text[:2] for text in seen[0]} == {"d0", "d1", "d2"}


def test_a_document_larger_than_the_window_is_encoded_piece_by_piece_and_given_back_once() -> None:
    batches = run(EncodeWindow(size=4), [prepared("big", [1] * 10), prepared("small", [1])])
    assert [len(batch) for batch in batches] == [0, 0, 4]


def test_a_document_is_held_back_until_its_last_slice_is_filled_whatever_comes_first() -> None:
    window = EncodeWindow(size=2 * SLICE)
    slices = [part for _ in window.add(prepared("d", [1] * 2 * SLICE)) for part in window.slices()]
    for part in reversed(slices):
        assert window.take_whole() == []
        part.fill(ENCODER.encode_documents(part.texts))
    assert [item.whole for item in window.take_whole() if isinstance(item, InFlight)] == [True]
