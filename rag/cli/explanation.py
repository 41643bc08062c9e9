"""Why a passage was found, for a person to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from rag.cli.output import stdout

if TYPE_CHECKING:
    from rag.types import Explanation, Leg, LegScore, Span, TokenMatch

INDENT = "   "
MATCHED = "bold yellow"
WHITE_SPACE = re.compile(r"\s")
NO_CHARACTERS = "[no text]"  # [CLS], [MASK] and the like


def print_explanation(explanation: Explanation, text: str) -> None:
    """The legs, the passage's text with what matched, and the pairs of tokens."""
    for line in leg_lines(explanation):
        stdout.print(Text.assemble(INDENT, (line, "dim")))
    stdout.print(Text.assemble(INDENT, highlighted(explanation, text)))
    for match in explanation.tokens:
        stdout.print(Text.assemble(2 * INDENT, pair(match)))


def leg_lines(explanation: Explanation) -> list[str]:
    """One line a leg, and one for their fusion."""
    lines = [_leg_line(leg, score) for leg, score in explanation.legs.items()]
    if explanation.fused is not None:
        shares = " + ".join(
            f"{leg} {score.share:.0%}" for leg, score in explanation.legs.items() if score.share
        )
        lines.append(f"fused {explanation.fused:.5f} = {shares or 'nothing'}")
    return lines


def highlighted(explanation: Explanation, text: str) -> Text:
    """The passage's text on one line, with every token that a question token matched best."""
    shown = Text(WHITE_SPACE.sub(" ", text))  # one for one: the offsets stay true
    for match in explanation.tokens:
        if match.passage.text and not match.in_title:
            shown.stylize(MATCHED, match.passage.start, match.passage.end)
    return shown


def pair(match: TokenMatch) -> Text:
    """Question token → passage token, their score, and where the latter lies."""
    place = " in the title" if match.in_title else ""
    where = f" [{match.passage.start}:{match.passage.end}]{place}" if match.passage.text else ""
    return Text.assemble(
        f"{_shown(match.question)} → ",
        (_shown(match.passage), MATCHED if match.passage.text else ""),
        (f" {match.score:.2f}{where}", "dim"),
    )


def _leg_line(leg: Leg, score: LegScore) -> str:
    if score.rank is None or score.score is None:
        return f"{leg}: not among its candidates"
    return f"{leg}: #{score.rank}, score {score.score:.4g}"


def _shown(span: Span) -> str:
    return span.text or NO_CHARACTERS
