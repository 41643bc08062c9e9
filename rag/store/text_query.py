"""From a question to a full-text query that the engine reads as words and nothing else.

The engine's match_text is a query language: colons, quotes, tildes and the words AND, OR
and NOT raise an error or silently change what is found.
"""

from __future__ import annotations

import re

# What the engine's standard analyzer keeps of a text: runs of letters, marks and digits.
WORD = re.compile(r"[^\W_]+")
# A question longer than this many different words is a document; its first words decide.
MOST_WORDS = 256


def to_match_text(question: str) -> str:
    """The distinct words of a question in lower case; empty when it has none."""
    words = dict.fromkeys(WORD.findall(question.lower()))
    return " ".join(list(words)[:MOST_WORDS])
