"""Text that arrives in pieces, taken apart into plain text and citation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from rag.generate.escape import ESCAPED_LESS_THAN

if TYPE_CHECKING:
    from collections.abc import Iterator

# [1], [1, 3], [2-4], 【1】, [^1], [[1]]: what models write for a citation.
MARK = re.compile(r"\s*[\[【]+\^?\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*[\]】]+")
# What may yet become a mark, or the escaped sign, with the next piece. Bounded: text is shown
# as soon as it can be.
UNFINISHED = re.compile(r"\s{0,64}(?:[\[【]{1,2}\^?[\d\s,;–-]{0,64}[\]】]?)?\Z|&(?:l(?:t)?)?\Z")
RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
MOST_CITED = 100  # of one range


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation as the model wrote it."""

    numbers: tuple[int, ...]


Piece: TypeAlias = str | Mark


@dataclass(slots=True)
class MarkReader:
    """Holds text back as long as it may be the beginning of a mark."""

    _held: str = field(default="", init=False)

    def feed(self, text: str) -> Iterator[Piece]:
        """Text and marks as far as they are certain."""
        self._held += text
        cut = UNFINISHED.search(self._held)
        ready = self._held[: cut.start()] if cut else self._held
        self._held = self._held[len(ready) :]
        yield from _pieces(ready)

    def finish(self) -> Iterator[Piece]:
        """What was held back."""
        held, self._held = self._held, ""
        yield from _pieces(held)


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for mark in MARK.finditer(text):
        yield from _text(text[end : mark.start()])
        yield Mark(tuple(_numbers(mark[1])))
        end = mark.end()
    yield from _text(text[end:])


def _text(text: str) -> Iterator[str]:
    if text:
        yield text.replace(ESCAPED_LESS_THAN, "<")


def _numbers(marked: str) -> Iterator[int]:
    for first, last in RANGE.findall(marked):
        yield from range(int(first), min(int(last or first), int(first) + MOST_CITED) + 1)
