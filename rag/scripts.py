"""Questions in a script that the models were not trained to read.

An English model gives Greek or Chinese text vectors that say next to nothing, and they spoil what
the full text finds: on articles in twelve languages nDCG@10 fell from .95 to .67
(docs/benchmarks.md).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rag.rerank import WITHOUT_TOKENS
from rag.types import Leg

if TYPE_CHECKING:
    from collections.abc import Collection

    from rag.settings import SearchSettings

NOTICE = (
    "The models in use do not read the script of this question, so that it was searched by full "
    "text alone; index with a preset of more languages (`trident models list`) to search by "
    "meaning, too."
)


def unread(text: str, scripts: Collection[str] | None) -> bool:
    """Most letters of the text are of other scripts than these; None: any script is read."""
    if scripts is None:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    return sum(_script(letter) in scripts for letter in letters) < len(letters) / 2


def by_fulltext(options: SearchSettings) -> SearchSettings | None:
    """The same search without vectors; None where it is not wanted, or has no full text."""
    if not options.unread_by_fulltext or Leg.FULLTEXT not in options.legs:
        return None
    rerank = WITHOUT_TOKENS.get(options.rerank, options.rerank)
    return options.model_copy(update={"legs": (Leg.FULLTEXT,), "rerank": rerank})


def _script(letter: str) -> str:
    """The first word of a letter's name, such as LATIN, GREEK or CJK."""
    return unicodedata.name(letter, "").partition(" ")[0]
