"""Questions in a script that the models do not read go to the full text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.scripts import NOTICE, by_fulltext, unread
from rag.settings import SearchSettings
from rag.types import Leg, Rerank, ScoredBy

if TYPE_CHECKING:
    from rag.service import Rag

LATIN = {"LATIN"}


@pytest.mark.parametrize(
    "question", ["東京の人口は？", "Πού βρίσκεται;", "Где это?", "أين هو", "ที่ไหน", "कहाँ", "어디"]
)
def test_letters_of_other_scripts_are_unread(question: str) -> None:
    assert unread(question, LATIN)
    assert not unread(question, None)


@pytest.mark.parametrize("question", ["Où est-ce ?", "what is 東京", "Đâu", "42?", "🐝", "C++ π"])
def test_text_mostly_of_a_script_that_is_read_is_read(question: str) -> None:
    assert not unread(question, LATIN)


def test_a_question_in_another_script_is_found_by_its_words_and_says_so(
    rag: Rag, corpus: str
) -> None:
    found = rag.search("東京の人口は？", collection=corpus)
    assert found.passages[0].chunk.doc_id == "tokyo"
    assert found.scored_by is ScoredBy.LEG
    assert NOTICE in found.notices


def test_a_question_that_is_read_has_all_legs_and_no_notice(rag: Rag, corpus: str) -> None:
    found = rag.search("How do bees dance?", collection=corpus)
    assert found.scored_by is ScoredBy.FUSION
    assert NOTICE not in found.notices


def test_the_setting_keeps_every_leg(rag: Rag, corpus: str) -> None:
    options = SearchSettings(unread_by_fulltext=False)
    found = rag.search("東京の人口は？", collection=corpus, options=options)
    assert found.scored_by is ScoredBy.FUSION
    assert NOTICE not in found.notices


def test_a_search_without_full_text_stays_as_it_is() -> None:
    assert by_fulltext(SearchSettings(legs=(Leg.DENSE,))) is None


def test_a_cross_encoder_still_reads_what_was_found() -> None:
    changed = by_fulltext(SearchSettings(rerank=Rerank.TENSOR_CROSS_ENCODER))
    assert changed is not None
    assert changed.rerank is Rerank.CROSS_ENCODER
    assert changed.legs == (Leg.FULLTEXT,)
