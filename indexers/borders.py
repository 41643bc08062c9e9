"""The units that chunks are packed from, and how good a place to cut lies before each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TypeAlias, cast

from rag.ground.sentences import split_sentences

CountTokens: TypeAlias = Callable[[str], int]
Span: TypeAlias = tuple[int, int]

# A sentence above this share of a chunk is cut: chunks made of long units are ill filled.
LONGEST_UNIT = 1 / 2
LONGEST_BLOCK = 1.0
LONGEST_PIECE = 1 / 4
SHORTEST_PIECE_LIMIT = 8  # tokens; more than any one character takes


class Border(IntEnum):
    """What lies between a unit and the one before it; the higher, the better to cut at."""

    SENTENCE = 0
    PARAGRAPH = 1
    SECTION = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """`text[start:end]`, without outer white space: a sentence, or a piece of a long one."""

    start: int
    end: int
    tokens: int
    border: Border


def split_units(
    text: str,
    size: int,
    count_tokens: CountTokens,
    sections: Sequence[int],
    blocks: Sequence[Span] = (),
) -> Iterator[Unit]:
    """All of `text` but white space, in order, as units of at most half of `size` tokens.

    A block is one unit when it has at most `size` tokens.
    """
    starts = sorted({0, *sections})
    for section in pairwise([*starts, len(text)]):
        last_end: int | None = None
        for start, end, tokens in _pieces_of(
            text, _spans(text, section, blocks), size, count_tokens
        ):
            border = Border.SECTION if last_end is None else _border(text[last_end:start])
            yield Unit(start, end, tokens, border)
            last_end = end


def _border(gap: str) -> Border:
    return Border.PARAGRAPH if gap.count("\n") > 1 else Border.SENTENCE


def _pieces_of(
    text: str, spans: Iterable[tuple[int, int, float]], size: int, count_tokens: CountTokens
) -> Iterator[tuple[int, int, int]]:
    for start, end, longest in spans:
        tokens = count_tokens(text[start:end])
        if tokens <= size * longest:
            yield start, end, tokens
        else:
            yield from _cut(text, (start, end), size, count_tokens)


def _spans(text: str, section: Span, blocks: Sequence[Span]) -> Iterator[tuple[int, int, float]]:
    """Sentences, and blocks in their place, with the share of a chunk that each may take."""
    start, stop = section
    for block in blocks[bisect_left(blocks, (start, 0)) : bisect_left(blocks, (stop, 0))]:
        yield from ((*sentence, LONGEST_UNIT) for sentence in _sentences(text, (start, block[0])))
        yield *block, LONGEST_BLOCK
        start = block[1]
    yield from ((*sentence, LONGEST_UNIT) for sentence in _sentences(text, (start, stop)))


def _sentences(text: str, section: Span) -> Iterator[Span]:
    offset = section[0]
    for sentence in split_sentences(text[slice(*section)]):
        yield offset + sentence.start, offset + sentence.end


def _cut(
    text: str, sentence: Span, size: int, count_tokens: CountTokens
) -> Iterator[tuple[int, int, int]]:
    """Cut at line ends, else clauses, else words, else characters."""
    from semchunk.semchunk import chunk

    limit = max(int(size * LONGEST_PIECE), SHORTEST_PIECE_LIMIT)
    long = text[slice(*sentence)]
    # Its cache would keep every text of the run; its overlap would give up all structure.
    result = chunk(long, limit, count_tokens, memoize=False, offsets=True)
    for piece, (start, _) in zip(*cast("tuple[list[str], list[Span]]", result), strict=True):
        first = sentence[0] + start + len(piece) - len(piece.lstrip())
        yield first, first + len(piece.strip()), count_tokens(piece)
