"""Sentences leave an answer with their marks, and what stays is numbered anew."""

from __future__ import annotations

import pytest

from rag.ground.claims import split_claims
from rag.ground.policy.cut import without
from rag.ground.policy.rewriter import CitedAnswer
from rag.types import Citation

CITATIONS = tuple(Citation(n, f"c{n}", f"d{n}", "", 0, 1, f"quote {n}") for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "removed", "left", "cited"),
    [
        ("One is. [1] Two is. [2] Three is. [3]", [0], "Two is. [1] Three is. [2]", ["c2", "c3"]),
        ("One is. [1] Two is. [2] Three is. [3]", [1], "One is. [1] Three is. [2]", ["c1", "c3"]),
        ("One is. [1] Two is. [1] [2]", [1], "One is. [1]", ["c1"]),
        ("One is. [1] Two is. [2]", [0, 1], "", []),
        ("One is. [3]\n\nTwo is. [2]", [0], "Two is. [1]", ["c2"]),
        ("One is. [1] Two is. [2]\n\nThree is. [3]", [1], "One is. [1] \n\nThree is. [2]", None),
        ("Both:\n- One is. [1]\n- Two is. [2]", [1], "Both:\n- Two is. [1]", ["c2"]),
        ("Both:\n- One is. [1]\n- Two is. [2]", [2], "Both:\n- One is. [1]", ["c1"]),
    ],
)
def test_what_is_left_reads_as_if_it_had_been_written_so(
    text: str, removed: list[int], left: str, cited: list[str] | None
) -> None:
    claims = split_claims(text)
    kept = without(CitedAnswer(text, (), CITATIONS), [claims[place] for place in removed])
    assert kept.text == left
    assert [citation.number for citation in kept.citations] == [*range(1, len(kept.citations) + 1)]
    if cited is not None:
        assert [citation.chunk_id for citation in kept.citations] == cited
    numbers = {number for sentence in kept.sentences for number in sentence.citations}
    assert numbers == {citation.number for citation in kept.citations}
