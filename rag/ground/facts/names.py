"""Names: capitalised words within a sentence, and acronyms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rag.ground.facts.fact import Place
from rag.ground.words import fold, split_words

if TYPE_CHECKING:
    from rag.ground.facts.fact import Fact

CACHED_TEXTS = 256
ACRONYM = re.compile(r"(?:[A-Z]\.?){2,}")
OPENERS = "\"'“‘«(:"  # a capital letter after one of these may begin a sentence
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Name:
    """Words that name somebody or something, `text` as they are written."""

    place: Place
    text: str

    def is_in(self, evidence: str) -> bool:
        """Whether the evidence has each of its words, or an acronym that stands for them."""
        there = _folded_words(evidence)
        words = [word.folded for word in split_words(self.text)]
        return all(word in there for word in words) or self._is_short_or_long(evidence)

    def has_rival_in(self, evidence: str) -> bool:  # noqa: ARG002 - names rarely exclude each other
        """Never: another name does not say that this one is wrong."""
        return False

    def _is_short_or_long(self, evidence: str) -> bool:
        """Whether it is the acronym of words in the evidence, or they are its acronym."""
        if ACRONYM.fullmatch(self.text):
            return fold(self.text.replace(".", "")) in _initials(evidence)
        initials = "".join(word.folded[0] for word in split_words(self.text))
        return len(initials) > 1 and initials in _acronyms(evidence)


def find_names(claim: str) -> list[Fact]:
    """The names of a claim, as facts: runs of capitalised words but for the one it begins with."""
    words = [word for word in split_words(claim) if word.end - word.start >= FEWEST_LETTERS]
    first = words[0] if words else None
    names: list[Fact] = []
    for named, run in groupby(words, key=lambda w: w.is_fact and claim[w.start].isupper()):
        inside = [
            word for word in run if word is not first or claim[word.start : word.end].isupper()
        ]
        if named and inside and claim[: inside[0].start].rstrip(" ")[-1:] not in tuple(OPENERS):
            place = Place(inside[0].start, inside[-1].end)
            names.append(Name(place, claim[place.start : place.end]))
    return names


@lru_cache(CACHED_TEXTS)
def _folded_words(text: str) -> frozenset[str]:
    return frozenset(word.folded for word in split_words(text))


@lru_cache(CACHED_TEXTS)
def _acronyms(text: str) -> frozenset[str]:
    return frozenset(fold(match[0].replace(".", "")) for match in ACRONYM.finditer(text))


@lru_cache(CACHED_TEXTS)
def _initials(text: str) -> frozenset[str]:
    """The initials of all runs of two to six words, small words such as "of" left out or not."""
    words = [word.folded for word in split_words(text)]
    capitals = [w.folded for w in split_words(text) if text[w.start].isupper()]
    return frozenset(
        "".join(word[0] for word in sequence[start : start + length])
        for sequence in (words, capitals)
        for length in range(2, 7)
        for start in range(len(sequence) - length + 1)
    )
