"""Quotations: what stands in quotation marks must be in the evidence, word for word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.ground.facts.fact import Place
from rag.ground.words import split_words

if TYPE_CHECKING:
    from rag.ground.facts.fact import Fact

QUOTED = re.compile('"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』')


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words between quotation marks."""

    place: Place
    text: str

    def is_in(self, evidence: str) -> bool:
        """Whether the evidence has these words one after another."""
        return _spaced(self.text) in _spaced(evidence)

    def has_rival_in(self, evidence: str) -> bool:  # noqa: ARG002 - as with names
        """Never: other words do not say that these were not said."""
        return False


def find_quotations(claim: str) -> list[Fact]:
    """The quotations of a claim, as facts."""
    return [
        Quotation(Place(*match.span(match.lastindex or 0)), match[match.lastindex or 0])
        for match in QUOTED.finditer(claim)
        if split_words(match[match.lastindex or 0])
    ]


def _spaced(text: str) -> str:
    return f" {' '.join(word.folded for word in split_words(text))} "
