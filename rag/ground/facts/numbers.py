"""Numbers with their units, whatever their spelling: "5 km" is "5,000 metres"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import floor, isclose, log10
from typing import TYPE_CHECKING, TypeAlias

from rag.ground.facts.fact import Place
from rag.ground.facts.units import NUMBER_WORDS, SCALES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.ground.facts.fact import Fact

# A value as it is written, how many of the base of what it measures its unit is, and what that
# is; None: a mere number.
Reading: TypeAlias = tuple[float, float, str | None]
TOLERANCE = 0.005  # between a number and its conversion, which writers round
CACHED_TEXTS = 256


def _names(names: Iterable[str]) -> str:
    """One of the names, the longest first, and no part of a longer word."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name) + (r"(?![^\W_])" if name.isascii() else "") for name in ordered)


NUMBER = re.compile(
    r"(?P<currency>[$€£¥]\s?)?(?<![\w.])"
    r"(?:(?P<digits>\d+(?:[.,'\u00a0\u202f]\d+)*)(?:(?:st|nd|rd|th|s)(?!\w))?"
    rf"|(?P<spelt>{_names(NUMBER_WORDS)}))"
    rf"(?:[\s-]?(?P<scale>{_names(SCALES)}))?(?:[\s-]?(?P<unit>{_names(UNITS)}))?",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+")
ABOUT = re.compile(
    r"\b(about|around|roughly|approximately|some|nearly|almost|over|circa|ca\.?|etwa|rund|fast"
    r"|environ|près de|unos|unas|casi|circa|约|約)\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number; it has several readings where its spelling has: "1.041", "5 m".

    A round number, with a scale or a word such as "about", stands for all that round to it.
    """

    place: Place
    readings: tuple[Reading, ...]
    is_round: bool

    def is_in(self, evidence: str) -> bool:
        """Whether the evidence has the number, in the same unit or another of its kind."""
        return any(_agree(self, other) for other in numbers_of(evidence))

    def has_rival_in(self, evidence: str) -> bool:
        """Whether the evidence has a number that measures the same."""
        measures = {measure for _, _, measure in self.readings}
        return any(
            measure in measures
            for other in numbers_of(evidence)
            for _, _, measure in other.readings
        )


@lru_cache(CACHED_TEXTS)
def numbers_of(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order."""
    found = (_number(text, match) for match in NUMBER.finditer(text))
    return tuple(number for number in found if number.readings)


def find_numbers(claim: str) -> list[Fact]:
    """The numbers of a claim, as facts."""
    return list(numbers_of(claim))


def _number(text: str, match: re.Match[str]) -> Number:
    spelt, scale = (match["spelt"] or "").lower(), (match["scale"] or "").lower()
    values = [NUMBER_WORDS[spelt]] if spelt else _values(match["digits"])
    unit = (match["currency"] or match["unit"] or "").strip().lower()
    measure, factor = UNITS.get(unit, (None, 1.0))
    readings = [(value * SCALES.get(scale, 1.0), factor, measure) for value in values]
    if scale in UNITS and not unit:  # "5 m"
        measure, factor = UNITS[scale]
        readings += [(value, factor, measure) for value in values]
    is_round = bool(scale or ABOUT.search(text, max(0, match.start() - 20), match.start()))
    return Number(
        Place(match.start("digits" if match["digits"] else "spelt"), match.end()),
        tuple(readings),
        is_round,
    )


def _values(digits: str) -> list[float]:
    """What digits with separators can mean; nothing for a version such as 1.2.3."""
    plain = re.sub(r"['\u00a0\u202f]", "", digits)
    values = [float(re.sub(r"[.,]", "", plain))] if THOUSANDS.fullmatch(plain) else []
    if values and plain.count(".") != 1:
        return values
    whole, point, rest = _split_decimals(plain)
    joined = re.sub(r"[.,]", "", whole)
    if re.search(r"[.,]", whole) and not THOUSANDS.fullmatch(whole):
        return values
    return [*values, float(joined + (f".{rest}" if point else ""))]


def _split_decimals(plain: str) -> tuple[str, str, str]:
    point = max(plain.rfind("."), plain.rfind(","))
    return (plain[:point], plain[point], plain[point + 1 :]) if point >= 0 else (plain, "", "")


def _agree(claimed: Number, other: Number) -> bool:
    return any(
        _same(reading, found, claimed.is_round)
        for reading in claimed.readings
        for found in other.readings
    )


def _same(claimed: Reading, found: Reading, is_round: bool) -> bool:
    """Equal as far as both were written; a number without a unit can be of any."""
    value, factor, measure = claimed
    other, other_factor, other_measure = found
    if measure and other_measure and measure != other_measure:
        return False
    if measure and other_measure and factor != other_factor:
        return isclose(value * factor, other * other_factor, rel_tol=TOLERANCE)
    return isclose(value, _rounded(other, _significant(value)) if is_round else other)


def _significant(value: float) -> int:
    """Significant digits of a number as it is written."""
    return max(1, len(f"{value:.15g}".replace(".", "").lstrip("0-").split("e")[0].rstrip("0")))


def _rounded(value: float, digits: int) -> float:
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0
