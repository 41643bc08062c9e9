"""Words with their places, folded so that spellings of one word are equal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category, normalize

# Letters with marks and digits; "3.5" and "1,000" are one word, and so is "don't".
WORD = re.compile(r"\w(?:[\w\u0300-\u036f]|(?<=\d)[.,](?=\d)|['’](?=\w))*")
POSSESSIVE = re.compile(r"['’](?:s|S)?\Z")
# Scripts without spaces: each character stands for itself.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]`, and its folded form. `is_fact`: it has a digit or a capital letter.

    The capital letter that every sentence begins with says nothing.
    """

    start: int
    end: int
    folded: str
    is_fact: bool


def split_words(text: str) -> list[Word]:
    """The words of a text in order."""
    spans = [span for match in WORD.finditer(text) for span in _spans(match)]
    return [
        Word(start, end, fold(text[start:end]), _is_fact(text[start:end], place == 0))
        for place, (start, end) in enumerate(spans)
    ]


def fold(word: str) -> str:
    """Without case, diacritics, possessive and separators of thousands."""
    bare = POSSESSIVE.sub("", word)
    decomposed = normalize("NFKD", bare).casefold()
    plain = "".join(char for char in decomposed if category(char) != "Mn")
    return plain.replace(",", "") if plain[:1].isdigit() else plain


def _spans(match: re.Match[str]) -> list[tuple[int, int]]:
    start, end = match.span()
    if UNSPACED.search(match[0]):
        return [(place, place + 1) for place in range(start, end)]
    return [(start, end)]


def _is_fact(word: str, first: bool) -> bool:
    capital = word[0].isupper() and (not first or word[1:2].isupper())
    return capital or any(char.isdigit() for char in word)
