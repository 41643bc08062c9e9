"""An explanation is text with its matches highlighted, and one line a pair of tokens."""

from __future__ import annotations

from rag.cli.explanation import MATCHED, highlighted, leg_lines, pair
from rag.types import Explanation, Leg, LegScore, Span, TokenMatch

TEXT = "Bees dance [bold]."
NOTHING = Span(0, 0, "")
DANCE = TokenMatch(Span(3, 8, "dance"), Span(5, 10, "dance"), False, 0.9)
TITLE = TokenMatch(Span(0, 3, "hive"), Span(0, 4, "Hive"), True, 0.5)
MASK = TokenMatch(NOTHING, NOTHING, False, 0.25)
EXPLANATION = Explanation(
    legs={Leg.DENSE: LegScore(1, 0.51234, 0.75), Leg.FULLTEXT: LegScore(None, None, 0.0)},
    fused=0.0163934,
    maxsim=1.65,
    tokens=(DANCE, TITLE, MASK),
)


def test_only_characters_of_the_text_are_highlighted() -> None:
    shown = highlighted(EXPLANATION, TEXT)
    assert shown.plain == TEXT
    assert [(span.start, span.end, span.style) for span in shown.spans] == [(5, 10, MATCHED)]


def test_pairs_name_score_and_place() -> None:
    assert pair(DANCE).plain == "dance → dance 0.90 [5:10]"
    assert pair(TITLE).plain == "hive → Hive 0.50 [0:4] in the title"
    assert pair(MASK).plain == "[no text] → [no text] 0.25"


def test_legs_have_a_line_each_and_their_shares_one() -> None:
    assert leg_lines(EXPLANATION) == [
        "dense: #1, score 0.5123",
        "fulltext: not among its candidates",
        "fused 0.01639 = dense 75%",
    ]
