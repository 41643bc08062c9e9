"""The part of a passage that is worth showing in a list of results."""

from __future__ import annotations

import re

from rag.ground.sentences import Sentence, split_sentences

WORD = re.compile(r"\w+")


def snippet(text: str, question: str, width: int = 240) -> str:
    """The sentence that shares most words with the question and what follows it, on one line."""
    wanted = set(WORD.findall(question.casefold()))
    sentences = split_sentences(text)
    best = max(sentences, key=lambda s: _shared(s, wanted), default=None)
    line = " ".join(text[best.start if best else 0 :].split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _shared(sentence: Sentence, wanted: set[str]) -> int:
    return len(wanted.intersection(WORD.findall(sentence.text.casefold())))
