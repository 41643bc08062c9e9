"""Words of most rows are left out of a large collection's full-text leg."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.common_words import COMMON, LARGE, Sample, common
from rag.store.text_query import question_text
from rag.types import DocumentRows, Leg, Rerank
from tests.rag.store.rows import query, row, spec

if TYPE_CHECKING:
    from rag.store.embedded import EmbeddedStore

# More than the engine's index holds in memory: from there on it miscounts its rows.
ROWS = 9_000
RARE = "heron"


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1))
def test_a_word_is_common_when_more_than_half_of_the_rows_hold_it(rows: list[list[str]]) -> None:
    found = common(" ".join(row) for row in rows)
    for word in "abcdef":
        share = sum(word in row for row in rows) / len(rows)
        assert (word in found) == (share > COMMON)


@pytest.mark.parametrize(
    ("sampled", "rows", "holds"),
    [
        (0, LARGE - 1, True),
        (0, LARGE, False),
        (10_000, 14_000, True),
        (10_000, 16_000, False),
        (10_000, 6_000, False),
        (10_000, 100, False),
    ],
)
def test_a_sample_holds_until_the_collection_has_another_size(
    sampled: int, rows: int, holds: bool
) -> None:
    assert Sample(sampled, frozenset()).holds_for(rows) is holds


def test_a_question_keeps_common_words_when_it_has_no_others() -> None:
    left_out = frozenset({"to", "be", "or"})
    assert question_text("To be, or not to be", left_out) == "not"
    assert question_text("To be or be", left_out) == "to be or"


def test_a_rare_word_outweighs_a_word_of_every_row(
    embedded_store: EmbeddedStore, collection_name: str
) -> None:
    """The engine alone would rank by "the": see rag/store/common_words.py."""
    embedded_store.create_collection(spec(collection_name))
    for start in range(0, ROWS, 500):
        embedded_store.write(
            collection_name, [_document(number) for number in range(start, start + 500)]
        )
    embedded_store.wait_until_searchable(collection_name, 60)
    asked = query(text=f"the {RARE}", legs=(Leg.FULLTEXT,), rerank=Rerank.NONE)
    assert embedded_store.search(collection_name, asked)[0].chunk.doc_id == "7"
    only_common = query(text="the", legs=(Leg.FULLTEXT,), rerank=Rerank.NONE)
    assert embedded_store.search(collection_name, only_common)


def _document(number: int) -> DocumentRows:
    text = f"the one {RARE}" if number == 7 else "the quick fox and the lazy dog under the tree"
    return DocumentRows(str(number), "1", "test", (row(str(number), text=text),))
