"""The passages that a model is sent: neighbours joined, ordered, numbered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.generate.escape import escape, escape_line
from rag.generate.neighbours import NOTHING_AROUND
from rag.types import PassageOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rag.generate.neighbours import Around
    from rag.types import Chunk, Passage

# Chunks that follow each other are cut at white space, which is in neither.
WIDEST_GAP = 16


@dataclass(frozen=True, slots=True)
class SentPassage:
    """Text that a model reads as passage `number`, from 1.

    `chunk` is what it is made of; where neighbours were joined, `parts` are these, and
    `chunk` runs from the first character of the first to the last of the last.
    """

    number: int
    rank: int
    chunk: Chunk
    parts: tuple[Chunk, ...]

    def part_at(self, offset: int) -> Chunk:
        """The chunk that holds character `offset` of the document."""
        return next((part for part in self.parts if offset < part.end), self.parts[-1])


def sent_passages(
    passages: Sequence[Passage], order: PassageOrder, around: Around = NOTHING_AROUND
) -> tuple[SentPassage, ...]:
    """The passages, best first, with what is around them, in the order in which they are sent.

    Neighbours of one document become one passage.
    """
    joined = ORDERS[order](_joined(passages, around))
    return tuple(replace(each, number=number) for number, each in enumerate(joined, 1))


def written(passages: Iterable[SentPassage]) -> str:
    """The passages as the prompt has them."""
    return "\n\n".join(_written(passage) for passage in passages)


def _written(passage: SentPassage) -> str:
    title = escape_line(passage.chunk.title)
    heading = f"Title: {title}\n" if title else ""
    text = escape(passage.chunk.text)
    return f"<passage>\nNumber: [{passage.number}]\n{heading}{text}\n</passage>"


def _best_first(passages: list[SentPassage]) -> list[SentPassage]:
    return sorted(passages, key=lambda sent: sent.rank)


def _best_last(passages: list[SentPassage]) -> list[SentPassage]:
    return _best_first(passages)[::-1]


def _as_read(passages: list[SentPassage]) -> list[SentPassage]:
    """The documents best first, each from its beginning to its end."""
    documents = list(dict.fromkeys(sent.chunk.doc_id for sent in _best_first(passages)))
    return sorted(passages, key=lambda p: (documents.index(p.chunk.doc_id), p.chunk.start))


ORDERS: Mapping[PassageOrder, Callable[[list[SentPassage]], list[SentPassage]]] = {
    PassageOrder.BEST_FIRST: _best_first,
    PassageOrder.BEST_LAST: _best_last,
    PassageOrder.DOCUMENT: _as_read,
}


def _joined(passages: Sequence[Passage], around: Around) -> list[SentPassage]:
    """Each run of neighbours once, with the rank of its best."""
    runs: list[SentPassage] = []
    for single in sorted(_apart(passages, around), key=_place):
        if runs and _touch(runs[-1].chunk, single.chunk):
            runs[-1] = _join(runs[-1], single)
        else:
            runs.append(single)
    return runs


def _apart(passages: Sequence[Passage], around: Around) -> Iterable[SentPassage]:
    """Each chunk once, with the rank of the best passage that it belongs to."""
    best: dict[str, SentPassage] = {}
    for passage in passages:
        for chunk in around.get(passage.chunk.id, (passage.chunk,)):
            best.setdefault(chunk.id, SentPassage(0, passage.rank, chunk, (chunk,)))
    return best.values()


def _place(sent: SentPassage) -> tuple[str, int, int]:
    return sent.chunk.doc_id, sent.chunk.start, sent.chunk.end


def _touch(before: Chunk, after: Chunk) -> bool:
    return before.doc_id == after.doc_id and after.start - before.end <= WIDEST_GAP


def _join(before: SentPassage, after: SentPassage) -> SentPassage:
    """Characters that both have once; offsets in the joined text stay those of the document."""
    first, second = before.chunk, after.chunk
    gap = "\n" * max(0, second.start - first.end)
    rest = second.text[max(0, first.end - second.start) :]
    chunk = replace(first, text=first.text + gap + rest, end=max(first.end, second.end))
    rank = min(before.rank, after.rank)
    return replace(before, rank=rank, chunk=chunk, parts=(*before.parts, *after.parts))
