"""Which passage supports a sentence, and where; with the real encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.generate.sent import sent_passages
from rag.generate.support import SupportFinder
from rag.types import Passage, PassageOrder
from tests.corpus import TEXTS, chunk

if TYPE_CHECKING:
    from rag.encoders.base import Encoder


# The second names the mountain by a pronoun only: both are quoted.
ETNA = "Mount Etna is the most active volcano in Europe. It erupted again in 2021."


@pytest.fixture(scope="module")
def finder(encoder: Encoder) -> SupportFinder:
    passages = [Passage(rank, 1.0, None, chunk(name)) for rank, name in enumerate(TEXTS, 1)]
    return SupportFinder(sent_passages(passages, PassageOrder.BEST_FIRST), encoder)


@pytest.mark.parametrize(
    ("sentence", "name", "quote"),
    [
        ("A queen bee can lay about 2000 eggs a day.", "bees", "A queen lays"),
        ("Wild yeast makes the dough rise.", "sourdough", "Sourdough bread rises"),
        ("Etna last erupted in 2021.", "volcano", ETNA),
        ("人口は約一千四百万人です。", "tokyo", "人口は"),
    ],
)
def test_the_best_support_is_the_passage_that_says_it_and_quotes_the_place(
    finder: SupportFinder, sentence: str, name: str, quote: str
) -> None:
    best = max(finder.of(sentence), key=lambda support: support.score)
    assert best.passage.chunk.doc_id == name
    assert best.quote.text.startswith(quote)
    assert TEXTS[name][best.quote.start : best.quote.end] == best.quote.text


def test_a_sentence_of_the_passage_supports_itself(finder: SupportFinder) -> None:
    support = {s.passage.chunk.doc_id: s.score for s in finder.of(TEXTS["moon"])}
    assert support["moon"] == pytest.approx(1, abs=0.1)
    assert all(score < support["moon"] for name, score in support.items() if name != "moon")


def test_what_has_no_words_is_supported_by_nothing(finder: SupportFinder) -> None:
    assert finder.of("?!") == []
