"""An answer cut into claims, with their places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.ground.not_claims import claims_something
from rag.ground.sentences import split_sentences
from rag.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.ground.sentences import Sentence

# [1], [1, 3], [2-4]: at most three digits, so that a year in brackets is none.
CITATION_MARK = re.compile(r"\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]")
NUMBER_RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
MOST_CITED = 100  # of one range
# What begins a line that is no continuation of the one before it.
LINE_MARK = re.compile(r"^[ \t]*(?:(?P<heading>#{1,6})|[-*•+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)


def split_claims(answer: str) -> tuple[Claim, ...]:
    """The sentences of an answer in order, each told apart from what claims nothing.

    Marks of citations, lists and headings belong to no claim's text.
    """
    text = CITATION_MARK.sub(lambda mark: " " * len(mark[0]), answer)
    sentences = list(_sentences(text))
    cited = _citations(answer, [sentence.start for sentence, _ in sentences])
    return tuple(
        Claim(
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            checkable=not heading and claims_something(sentence.text),
            citations=numbers,
        )
        for (sentence, heading), numbers in zip(sentences, cited, strict=True)
    )


def _sentences(text: str) -> Iterator[tuple[Sentence, bool]]:
    """Each sentence at its place in `text`, and whether it is a heading."""
    marks = list(LINE_MARK.finditer(text))
    for start, end, heading in _stretches(marks, len(text)):
        for sentence in split_sentences(text[start:end]):
            yield sentence.moved(start), heading


def _stretches(marks: list[re.Match[str]], length: int) -> Iterator[tuple[int, int, bool]]:
    """Start and end of the text after each line mark, and whether that begins a heading."""
    yield 0, marks[0].start() if marks else length, False
    for mark, following in pairwise([*marks, None]):
        assert mark is not None  # only the last of all is
        yield mark.end(), following.start() if following else length, bool(mark["heading"])


def _citations(answer: str, starts: list[int]) -> list[tuple[int, ...]]:
    """The numbers that each sentence cites: a mark belongs to the sentence that it is in or after.

    One that opens a line belongs to the sentence behind it.
    """
    cited: list[dict[int, None]] = [{} for _ in starts]
    for mark in CITATION_MARK.finditer(answer):
        place = bisect_right(starts, mark.start()) - 1
        opens = place < 0 or "\n" in answer[starts[place] : mark.start()].rstrip(" \t")[-1:]
        owner = min(place + opens, len(starts) - 1)
        if owner >= 0:
            cited[owner].update(dict.fromkeys(_numbers(mark[0])))
    return [tuple(numbers) for numbers in cited]


def _numbers(mark: str) -> Iterator[int]:
    for first, last in NUMBER_RANGE.findall(mark):
        yield from range(int(first), min(int(last or first), int(first) + MOST_CITED) + 1)
