"""Negation: whether a sentence denies what it speaks of."""

from __future__ import annotations

import re
from itertools import chain

# One line a language: en, de, fr, es, it, pt, nl, ru, ja, zh, ko, ar.
NEGATIONS = (
    "not no never none nobody nothing neither nor cannot without n't dont doesnt isnt wasnt",
    "nicht kein keine keinen keiner keinem nie niemals ohne",
    "ne pas jamais aucun aucune sans",
    "nunca jamás ningún ninguna sin",
    "non mai nessun nessuna senza",
    "não nunca nenhum nenhuma sem",
    "niet geen nooit zonder",
    "не нет никогда без",
)
SPACED = frozenset(chain.from_iterable(line.split() for line in NEGATIONS))
UNSPACED = ("ません", "ない", "なかった", "不", "没", "沒", "않", "아니", "없")
WORD = re.compile(r"n['’]t\b|[^\W\d_]+")


def denies(sentence: str) -> bool:
    """Whether the sentence denies something; two negations, or "not only", affirm."""
    words = [match[0].casefold().replace("’", "'") for match in WORD.finditer(_parted(sentence))]
    count = sum(word in SPACED for word in words) - sentence.casefold().count("not only")
    count += sum(sentence.count(mark) for mark in UNSPACED)
    return count % 2 == 1


def _parted(sentence: str) -> str:
    """ "doesn't" as two words."""
    return re.sub(r"(?<=\w)(n['’]t)\b", r" \1", sentence)
