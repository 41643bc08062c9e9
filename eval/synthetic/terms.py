"""Sparse vectors with the statistics that the default preset gives them on real text.

What an inverted index can skip depends on them, so they were fitted to 20,000 chunks of 429
Wikipedia articles and 200 questions on them, encoded by the preset `minilm`; real figures in
brackets, `docs/benchmarks.md` has more of them:

- Terms follow Zipf's law; of 122 draws some 88 are distinct (92).
- Chunks of a document share vocabulary: a part of their terms is drawn from a pool of the
  document's own. Neighbours overlap by .15 in Jaccard's measure (.17), strangers by .09 (.07).
- A weight grows with the logarithm of the term's rank, in passages and more so in questions:
  rare terms weigh most.
- Questions ask for what a document is about; the 100th row scores .14 of what a row that had all
  terms at their largest weights would (.20).

Where they differ, a search of the synthetic vectors can skip less than one of the real ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.synthetic.zipf import zipf
from rag.types import SparseVector

if TYPE_CHECKING:
    from rag.types import IntArray

TERMS_STREAM = 6  # of the streams of `eval.synthetic.rows`, the next one
# The first ids of a WordPiece vocabulary are special and unused tokens.
FIRST_TERM = 1000
DOCUMENT_TERMS = 60
PASSAGE_DRAWS, PASSAGE_SHARE = 122, 0.35  # the share is that of the document's own terms
QUESTION_DRAWS, QUESTION_SHARE = (6, 15), 0.8
# Questions are about documents that are in every collection of 20,000 rows or more.
ASKED_DOCUMENTS = 2000
# Weight of the term with rank r: BASE + SLOPE ln(1 + r), with a deviation, and never below.
PASSAGE_WEIGHT = (0.36, 0.095, 0.34, 0.05)
QUESTION_WEIGHT = (-0.33, 0.31, 0.5, 0.02)


def document_terms(number: int, width: int) -> IntArray:
    """The ranks of the terms that document `number` is about, by how often they are drawn."""
    return zipf(np.random.default_rng([TERMS_STREAM, number]), DOCUMENT_TERMS, _ranks(width))


def passage_vector(rng: np.random.Generator, own: IntArray, width: int) -> SparseVector:
    """The vector [width] of a chunk of the document with these terms of its `own`."""
    ranks = _drawn(rng, own, PASSAGE_DRAWS, PASSAGE_SHARE, width)
    return _weighted(rng, ranks, PASSAGE_WEIGHT, width)


def question_vector(rng: np.random.Generator, width: int) -> SparseVector:
    """The vector [width] of a question about some document."""
    own = document_terms(int(rng.integers(ASKED_DOCUMENTS)), width)
    fewest, most = QUESTION_DRAWS
    ranks = _drawn(rng, own, int(rng.integers(fewest, most + 1)), QUESTION_SHARE, width)
    return _weighted(rng, ranks, QUESTION_WEIGHT, width)


def _drawn(
    rng: np.random.Generator, own: IntArray, draws: int, share: float, width: int
) -> IntArray:
    """Distinct ranks of so many draws, so somewhat fewer."""
    from_own = int(rng.binomial(draws, share))
    others = zipf(rng, draws - from_own, _ranks(width))
    ranks: IntArray = np.unique(np.concatenate([rng.choice(own, from_own), others]))
    return ranks


def _weighted(
    rng: np.random.Generator, ranks: IntArray, law: tuple[float, float, float, float], width: int
) -> SparseVector:
    base, slope, deviation, least = law
    weights = rng.normal(base + slope * np.log1p(ranks), deviation)
    values = np.maximum(weights, least).astype(np.float32)
    return SparseVector(ranks + _first(width), values)


def _ranks(width: int) -> int:
    return width - _first(width)


def _first(width: int) -> int:
    return min(FIRST_TERM, width // 2)
