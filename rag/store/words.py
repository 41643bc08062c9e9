"""Words for the full-text index, cut the same way from passages and from questions.

One way serves all languages, so a collection may mix them:

- Scripts without spaces between words become overlapping pairs of characters.
- A word of any other script stands for itself and for its stem, taken to be the first five
  letters without diacritics. Cutting words short is a stemmer that needs no dictionary and no
  guess at the language (McNamee & Mayfield 2004, "Character N-Gram Tokenization for European
  Language Text Retrieval", Information Retrieval 7; Can et al. 2008, "Information Retrieval on
  Turkish Texts", JASIST 59(3), whose best of the simple stemmers keeps five letters).
- A question's short word is its own stem: who writes it with diacritics means them, since in
  languages such as Vietnamese they tell words apart. Without them it finds both.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, combining, normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Kept with each collection: raise it when the same text would give other words.
WORDS_VERSION = 2
MAX_WORD = 100  # the engine refuses words of some thousand bytes
STEM_LENGTH = 5
# Scripts whose words are not, or not only, delimited by spaces: Thai to Myanmar, Khmer,
# kana, Han, Hangul syllables.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)
# Letters that are written for one another: Turkish, Danish, Polish, Vietnamese, Romanian;
# Arabic alef, waw and yeh with and without hamza, yeh and heh at the end of a word, and the
# stroke that stretches a word.
INTERCHANGED = str.maketrans("ıøłđşţأإآٱؤئىة", "ioldșțااااوييه", "ـ")
# By Unicode's combining classes: the nukta of Indic scripts and the points of Hebrew and Arabic
# are left out by most writers. Beside them, diacritics are all marks but those that are letters
# of their word: vowel signs, kana's voicing and the virama of Indic scripts.
NUKTA = 7
POINTS = range(10, 200)
LETTERS = (0, 8, 9)
WORDS_CACHED = 2**16


def words(text: str, indexed: bool) -> Iterator[str]:
    """Lower-case words of letters, digits and marks, in order, each followed by its stem.

    `indexed` adds what a passage can also be found by: single characters of unspaced scripts,
    and short words without their diacritics.
    """
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    for word in folded.translate(_SEPARATED).split():
        if word.isascii():  # as it would be below, several times faster
            yield from _with_stem(word[:MAX_WORD], indexed)
        else:
            yield from _pieces(word, indexed)


def _pieces(word: str, indexed: bool) -> Iterator[str]:
    for piece in filter(None, UNSPACED.split(word)):
        if UNSPACED.match(piece):
            yield from _pairs(piece, indexed)
        else:
            yield from _with_stem(piece[:MAX_WORD], indexed)


@lru_cache(WORDS_CACHED)
def _with_stem(piece: str, indexed: bool) -> tuple[str, ...]:
    word = _respelt(piece)
    if word.isnumeric() or not (indexed or len(word) > STEM_LENGTH):
        forms = [word]
    else:
        forms = [word, _without_diacritics(word)[:STEM_LENGTH]]
    return tuple(dict.fromkeys(filter(None, forms)))


def _respelt(word: str) -> str:
    """The one spelling of those that are interchanged."""
    return _without(word, lambda mark: mark == NUKTA or mark in POINTS)


def _without_diacritics(word: str) -> str:
    return _without(word, lambda mark: mark not in LETTERS)


def _without(word: str, dropped: Callable[[int], bool]) -> str:
    """The word without marks of some combining classes."""
    kept = (char for char in normalize("NFD", word) if not dropped(combining(char)))
    return normalize("NFC", "".join(kept)).translate(INTERCHANGED)


def _pairs(run: str, indexed: bool) -> Iterator[str]:
    if indexed or len(run) == 1:
        yield from run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


class _SeparatedTable(dict[int, str]):
    """For `str.translate`: what cannot be part of a word becomes a space; fills itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        return self.setdefault(code, char if category(char)[0] in "LMN" else " ")


_SEPARATED = _SeparatedTable()
