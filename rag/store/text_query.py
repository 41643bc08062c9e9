"""Words for the full-text index, cut alike from passages and from questions.

The engine's analyzers have gaps: `standard` folds the case of ASCII only, keeps a Chinese
sentence as one word, and its query language reads `a:b`, `"` or `~` as syntax. So text is
reduced to plain words here, on both sides, and the analyzer is left with stemming.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import category, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

# In every row's index text: finding it in all rows proves that the index has caught up.
MARKER = "tridentrow"
MAX_WORD = 100  # the engine refuses words of some thousand bytes
MAX_QUESTION_WORDS = 256
# Scripts whose words are not, or not only, delimited by spaces: Thai to Myanmar, Khmer,
# kana, Han, Hangul syllables.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)


def index_text(title: str, text: str) -> str:
    """What the full-text column of a row holds."""
    return " ".join([*_words(title, singles=True), *_words(text, singles=True), MARKER])


def question_text(question: str) -> str:
    """The question's first distinct words, safe for `match_text`; empty if it has none."""
    return " ".join(islice(dict.fromkeys(_words(question, singles=False)), MAX_QUESTION_WORDS))


def _words(text: str, singles: bool) -> Iterator[str]:
    """Lower-case words of letters, digits and marks.

    Runs of unspaced scripts become overlapping pairs of characters; with `singles` also
    single ones, so that a question of one character finds them.
    """
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    for word in folded.translate(_SEPARATED).split():
        for piece in filter(None, UNSPACED.split(word)):
            if UNSPACED.match(piece):
                yield from _pairs(piece, singles)
            else:
                yield piece[:MAX_WORD]


def _pairs(run: str, singles: bool) -> Iterator[str]:
    if singles or len(run) == 1:
        yield from run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


class _SeparatedTable(dict[int, str]):
    """For `str.translate`: what cannot be part of a word becomes a space; fills itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        return self.setdefault(code, char if category(char)[0] in "LMN" else " ")


_SEPARATED = _SeparatedTable()
