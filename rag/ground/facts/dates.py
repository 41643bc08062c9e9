"""Dates in many languages and orders. A year alone is a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from rag.ground.facts.fact import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.ground.facts.fact import Fact

# Year, month and day; None: not said.
Reading: TypeAlias = tuple[int | None, int | None, int | None]
# Languages that write a month's name between day and year, or before the day.
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sv", "da", "nb", "fi", "hu",
    "ro", "ru", "uk", "bg", "hr", "el", "tr", "id", "hi",
)  # fmt: skip
CACHED_TEXTS = 256
ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª)?"
OF = r"(?:\s+(?:of|de|del|di))?"


@dataclass(frozen=True, slots=True)
class Date:
    """A date, of which year, month or day may be left open; 5/6/2020 has two readings."""

    place: Place
    readings: tuple[Reading, ...]

    def is_in(self, evidence: str) -> bool:
        """Whether the evidence has a date that says at least as much, and the same."""
        return any(
            _covered(reading, found)
            for other in dates_of(evidence)
            for reading in self.readings
            for found in other.readings
        )

    def has_rival_in(self, evidence: str) -> bool:
        """Whether the evidence has a date."""
        return bool(dates_of(evidence))


@lru_cache(CACHED_TEXTS)
def dates_of(text: str) -> tuple[Date, ...]:
    """The dates of a text in order."""
    return tuple(
        Date(Place(*match.span()), readings)
        for match in _pattern().finditer(text)
        if (readings := tuple(_readings(match)))
    )


def find_dates(claim: str) -> list[Fact]:
    """The dates of a claim, as facts."""
    return list(dates_of(claim))


def _covered(claimed: Reading, found: Reading) -> bool:
    return all(part is None or part == other for part, other in zip(claimed, found, strict=True))


def _readings(match: re.Match[str]) -> Iterator[Reading]:
    groups = {name[:-1]: text for name, text in match.groupdict().items() if text}
    year = int(groups["year"]) if "year" in groups else None
    month = _months().get(groups.get("name", "").casefold())
    numbers = [int(groups[name]) for name in ("month", "day") if name in groups]
    if month:
        yield from _sound(year, month, numbers[0] if numbers else None)
    elif len(numbers) == 2 and "either" not in groups:
        yield from _sound(year, *numbers)
    elif numbers and "month" in groups:
        yield from _sound(year, numbers[0], None)
    elif "either" in groups:
        yield from _sound(year, int(groups["either"]), int(groups["other"]))
        yield from _sound(year, int(groups["other"]), int(groups["either"]))


def _sound(year: int | None, month: int, day: int | None) -> Iterator[Reading]:
    if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
        yield year, month, day


@cache
def _months() -> dict[str, int]:
    """The number of each month's name, long and short, in all languages."""
    from babel.dates import get_month_names

    return {
        name.rstrip(".").casefold(): number
        for language in LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in get_month_names(width, context, language).items()
        if len(name.rstrip(".")) >= 3 and not name[0].isdigit()
    }


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))

    def name(number: int) -> str:
        return rf"(?P<name{number}>{names})\.?(?!\w)"

    orders = (
        r"(?P<year0>\d{4})-(?P<month0>\d{1,2})(?:-(?P<day0>\d{1,2}))?",
        rf"(?P<day1>\d{{1,2}}){ORDINAL}{OF}\s+{name(1)}(?:,?{OF}\s+(?P<year1>\d{{4}}))?",
        rf"{name(2)}\s+(?P<day2>\d{{1,2}}){ORDINAL}(?:,?\s+(?P<year2>\d{{4}}))?(?![\d.]*\d)",
        rf"{name(3)},?{OF}\s+(?P<year3>\d{{4}})",
        r"(?P<either4>\d{1,2})[./](?P<other4>\d{1,2})[./](?P<year4>\d{4})",
        r"(?P<year5>\d{4})[年년]\s?(?P<month5>\d{1,2})[月월](?:\s?(?P<day5>\d{1,2})[日일])?",
        r"(?P<month6>\d{1,2})[月월]\s?(?P<day6>\d{1,2})[日일]",
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(orders)})", re.IGNORECASE)
