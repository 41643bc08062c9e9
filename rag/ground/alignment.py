"""Fact overlap by late interaction: each word of a claim and what matches it in the evidence.

A word is supported as far as its token vectors find their like (MaxSim, Khattab & Zaharia
2020, arXiv:2004.12832), and wholly where the evidence has the word itself. Words count by
the weight that the encoder has learned for a question's tokens, akin to an inverse document
frequency; numbers and names count more. Since a word that is somewhere may be in the wrong
place, its neighbours in the claim are also looked for around it (as the proximity of
query terms in retrieval: Tao & Zhai 2007, SIGIR).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from rag.ground.words import Word, split_words
from rag.types import Check, CheckerCost, CheckerFamily, UnsupportedSpan
from rerankers.maxsim import token_maxima

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.ground.checker import CheckCase, CheckerTools
    from rag.types import FloatArray

FACT_WEIGHT = 2.0  # of a number or a name beside another word
NOT_THE_WORD = 0.8  # support of a word by others that mean the same, at most
NEIGHBOURS = 2  # words on either side in the claim
AROUND = 4  # words on either side in the evidence
GAP = 100  # words between two pieces of evidence: none is around another
LEAST_PLACED = 0.3  # share of a word's neighbours around it where it is in its place
WEAKEST = 2  # so many of the least supported words make the weakest
SUPPORTED_WORD = 0.5  # support below which a word is part of an unsupported span


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A word of a claim: its weight, its support in [0, 1], that of its place, if it is there."""

    word: Word
    weight: float
    support: float
    placed: float
    exact: bool


class AlignmentChecker:
    """Mean support of a claim's words, weighted; the unsupported words are its spans."""

    name = "alignment"
    family = CheckerFamily.FACT_OVERLAP
    cost = CheckerCost.ARITHMETIC

    def __init__(self, tools: CheckerTools):
        del tools  # needs nothing

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Align each claim with all of its evidence."""
        return [self._check(case) for case in cases]

    def _check(self, case: CheckCase) -> Check:
        words = align(case)
        signals = _signals(words, case.evidence[0].score)
        return Check(
            checker=self.name,
            family=self.family,
            score=signals["support"] if words else None,
            unsupported=tuple(_unsupported(case, words)),
            signals=signals,
        )


def align(case: CheckCase) -> list[AlignedWord]:
    """The words of the claim, each with what supports it."""
    words = split_words(case.claim.text)
    places = _places(case)
    found = [places.get(word.folded, ()) for word in words]
    weights, matches = _by_word(words, case)
    return [
        AlignedWord(
            word=word,
            weight=float(weights[i]) * (FACT_WEIGHT if word.is_fact else 1.0),
            support=1.0 if found[i] else NOT_THE_WORD * float(matches[i]),
            placed=_placed(i, found, weights),
            exact=bool(found[i]),
        )
        for i, word in enumerate(words)
    ]


def _places(case: CheckCase) -> Mapping[str, Sequence[int]]:
    """Where each folded word is in the evidence, counted in words."""
    places: dict[str, list[int]] = {}
    start = 0
    for evidence in case.evidence:
        words = split_words(evidence.quote)
        for place, word in enumerate(words, start):
            places.setdefault(word.folded, []).append(place)
        start += len(words) + GAP
    return places


def _by_word(words: Sequence[Word], case: CheckCase) -> tuple[FloatArray, FloatArray]:
    """Weight and match in [0, 1] of each word: of its tokens the greatest and the mean."""
    tokens = case.claim_tokens
    lengths = np.linalg.norm(tokens.vectors, axis=1)
    unit = tokens.vectors / np.maximum(lengths, 1e-9)[:, None]
    evidence = np.concatenate([each.vectors for each in case.evidence_tokens])
    maxima = token_maxima(unit, evidence, [0, len(evidence)])[0].clip(0, 1)
    starts = np.array([word.start for word in words])
    owners = np.searchsorted(starts, tokens.spans[:, 0], side="right") - 1
    weights, matches = np.zeros(len(words), np.float32), np.zeros(len(words), np.float32)
    for place in np.unique(owners[owners >= 0]):
        weights[place] = lengths[owners == place].max()
        matches[place] = maxima[owners == place].mean()
    return weights, matches


def _placed(place: int, found: Sequence[Sequence[int]], weights: FloatArray) -> float:
    """The weighted share of the word's neighbours that are around it in the evidence, too.

    1 for a word without neighbours, 0 for one that is not there. The best of its places counts.
    """
    near = [
        other
        for other in range(max(0, place - NEIGHBOURS), min(len(found), place + NEIGHBOURS + 1))
        if other != place
    ]
    total = sum(weights[other] for other in near)
    if not found[place] or not total:
        return float(bool(found[place]))
    return max(_share_around(at, near, found, weights) for at in found[place]) / float(total)


def _share_around(
    at: int, near: Iterable[int], found: Sequence[Sequence[int]], weights: FloatArray
) -> float:
    return float(
        sum(weights[other] for other in near if any(abs(p - at) <= AROUND for p in found[other]))
    )


def _signals(words: Sequence[AlignedWord], evidence: float) -> dict[str, float]:
    """Shares of the words, and how few lack support; `evidence` is the best piece's match.

    A share forgives a long claim a few foreign words, a count does not: both are needed.
    """
    exact = np.array([word.exact for word in words], np.float32)
    support = np.array([word.support for word in words], np.float32)
    placed = np.array([word.placed for word in words], np.float32)
    facts = [word for word in words if word.word.is_fact]
    return {
        "support": _weighted(support, words),
        "words": _mean(exact),
        "likeness": _mean(support),
        "placed": _mean(placed),
        "words_placed": _mean(exact * np.float32(placed > LEAST_PLACED)),
        "few_missing": _few(exact),
        "few_unlike": _few(support),
        "few_unplaced": _few(placed),
        "weakest": _mean(np.sort(support)[:WEAKEST]),
        "evidence": min(max(evidence, 0.0), 1.0),
        "facts": min((word.support for word in facts), default=1.0),
        "facts_placed": min((word.placed for word in facts), default=1.0),
    }


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else 0.0


def _weighted(values: FloatArray, words: Sequence[AlignedWord]) -> float:
    weights = np.array([word.weight for word in words]) + 1e-9  # none may be all 0
    return float(np.average(values, weights=weights)) if len(words) else 0.0


def _few(values: FloatArray) -> float:
    """1 where nothing is lacking, 1/2 where as much as one word is, and so on."""
    return float(1 / (1 + (1 - values).sum()))


def _unsupported(case: CheckCase, words: Sequence[AlignedWord]) -> Iterable[UnsupportedSpan]:
    """Runs of words that the evidence does not support, where they are in the answer."""
    for missing, run in groupby(words, key=lambda word: word.support < SUPPORTED_WORD):
        if missing:
            inside = [each.word for each in run]
            start, end = inside[0].start, inside[-1].end
            text, before = case.claim.text[start:end], case.claim.start
            yield UnsupportedSpan(start + before, end + before, text, "not in the evidence")
