"""The full-text column of a row, and the question that is put to it.

The engine's analyzers have gaps: `standard` folds the case of ASCII only, keeps a Chinese
sentence as one word, and its query language reads `a:b`, `"` or `~` as syntax. So text is
reduced to plain words here, on both sides, and the analyzer is left with English stemming.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from rag.store.words import words

# In every row's index text: finding it in all rows proves that the index has caught up.
MARKER = "tridentrow"
MAX_QUESTION_WORDS = 256
QUESTIONS_CACHED = 256  # a search asks for the same one several times


def index_text(title: str, text: str) -> str:
    """What the full-text column of a row holds."""
    return " ".join([*words(title, indexed=True), *words(text, indexed=True), MARKER])


@lru_cache(QUESTIONS_CACHED)
def question_text(question: str, left_out: frozenset[str] = frozenset()) -> str:
    """The question's first distinct words, safe for `match_text`; empty if it has none.

    Without those in `left_out`, unless it has no others.
    """
    given = dict.fromkeys(words(question, indexed=False))
    kept = [word for word in given if word not in left_out]
    return " ".join(islice(kept or given, MAX_QUESTION_WORDS))
