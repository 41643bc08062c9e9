"""Windows: so many chunks of successive documents, encoded together and longest first.

Texts of similar length share a forward pass, whichever documents they are of, and little of
it is padding. Windows depend on the documents alone, never on timing, so that a run
computes the same vectors each time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from indexers.items import FinishedSource, PreparedDocument
from rag.types import DocumentRows, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Encoding

SLICE = 32  # chunks encoded between two signs of progress


@dataclass(slots=True)
class InFlight:
    """A document and the encodings of its chunks, as far as they are there."""

    prepared: PreparedDocument
    encodings: dict[int, Encoding] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """All chunks are encoded."""
        return len(self.encodings) == len(self.prepared.chunks)

    def rows(self) -> DocumentRows:
        """What is written; only of a whole document."""
        prepared = self.prepared
        rows = (Row(chunk, self.encodings[i]) for i, chunk in enumerate(prepared.chunks))
        document = prepared.document
        return DocumentRows(document.id, prepared.revision, document.source, tuple(rows))


@dataclass(frozen=True, slots=True)
class Slice:
    """Chunks that are encoded together: of each its document and its place in it."""

    places: Sequence[tuple[InFlight, int]]

    @property
    def texts(self) -> list[str]:
        """What is encoded."""
        return [document.prepared.texts[index] for document, index in self.places]

    def fill(self, encodings: Sequence[Encoding]) -> None:
        """Give the documents what their texts became."""
        for (document, index), encoding in zip(self.places, encodings, strict=True):
            document.encodings[index] = encoding


# What goes to the writer, in the order in which it was read.
Encoded: TypeAlias = InFlight | FinishedSource


class EncodeWindow:
    """Takes prepared documents and ended sources, gives them back encoded, in order.

    Holds the chunks of at most `size`, and what cannot be given back yet: the documents of
    which chunks are still to come, or to be encoded.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._line: deque[Encoded] = deque()
        self._chunks: list[tuple[InFlight, int]] = []

    def add(self, prepared: PreparedDocument) -> Iterator[None]:
        """Take a document; stops whenever the window is full and must be encoded."""
        document = InFlight(prepared)
        self._line.append(document)
        for index in range(len(prepared.chunks)):
            self._chunks.append((document, index))
            if len(self._chunks) >= self._size:
                yield

    def finish(self, source: FinishedSource) -> None:
        """Take the end of a source, to be given back after its documents."""
        self._line.append(source)

    def slices(self) -> list[Slice]:
        """All that is in the window, to be encoded; it is empty afterwards."""
        ordered = sorted(self._chunks, key=_length, reverse=True)
        self._chunks.clear()
        return [Slice(ordered[at : at + SLICE]) for at in range(0, len(ordered), SLICE)]

    def take_whole(self) -> list[Encoded]:
        """What stands before the first document that lacks chunks."""
        taken: list[Encoded] = []
        while self._line and (isinstance(self._line[0], FinishedSource) or self._line[0].whole):
            taken.append(self._line.popleft())
        return taken


def _length(place: tuple[InFlight, int]) -> int:
    document, index = place
    return len(document.prepared.texts[index])
