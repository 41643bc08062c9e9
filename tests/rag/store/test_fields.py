from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.store.base import FieldType
from rag.store.fields import KINDS, checked_text

if TYPE_CHECKING:
    from rag.types import MetadataValue


@pytest.mark.parametrize("kind", list(FieldType))
def test_no_value_can_pass_for_a_missing_one(kind: FieldType) -> None:
    reasons = "reserved|64 bits|not a finite|not true or false|not a date|not a list of tags"
    with pytest.raises(ValueError, match=reasons):
        KINDS[kind].store(KINDS[kind].missing)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (FieldType.STRING, "", ""),
        (FieldType.STRING, "it's", "it's"),
        (FieldType.INTEGER, -7, -7),
        (FieldType.INTEGER, 2**63 - 2, 2**63 - 2),
        (FieldType.FLOAT, 3, 3.0),
        (FieldType.FLOAT, -1e300, -1e300),
        (FieldType.BOOLEAN, True, 1),
        (FieldType.BOOLEAN, False, 0),
        (FieldType.DATE, "1970-01-01", 0),
        (FieldType.DATE, "1970-01-01T01:00:00.000002+01:00", 2),
        (FieldType.DATE, "1969-12-31T23:59:59Z", -1_000_000),
        (FieldType.TAGS, [], "\x1f"),
        (FieldType.TAGS, ["a", "b c"], "\x1fa\x1fb c\x1f"),
    ],
)
def test_a_value_is_kept_in_its_fields_type(
    kind: FieldType, value: MetadataValue, stored: str | float
) -> None:
    kept = KINDS[kind].store(value)
    assert kept == stored
    assert type(kept) is type(stored)


def test_text_that_the_engine_would_cut_or_cannot_encode_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        checked_text("a\0b")
    with pytest.raises(ValueError, match="surrogates"):
        checked_text("\udc80")
    with pytest.raises(ValueError, match="not text"):
        checked_text(b"bytes")


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (FieldType.DATE, "31 May 2024", "'31 May 2024' is not a date of ISO 8601 such as"),
        (FieldType.DATE, "2024-02-30", "not a date"),
        (FieldType.DATE, 2024, "2024 is not a date"),
        (FieldType.DATE, "", "'' is not a date"),
        (FieldType.TAGS, "draft", "'draft' is not a list of tags"),
        (FieldType.TAGS, ["a\x1fb"], r"may not contain the character U\+001F"),
        (FieldType.STRING, ["a"], "not text"),
        (FieldType.INTEGER, 2**63 - 1, "64 bits"),
        (FieldType.INTEGER, -(2**63) + 1, "64 bits"),
    ],
)
def test_a_value_of_another_type_is_refused_with_a_reason(
    kind: FieldType, value: MetadataValue, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        KINDS[kind].store(value)


@pytest.mark.parametrize("first", ["2024-05-31", "20240531T000000Z", "2024-05-31T02:00:00+02:00"])
def test_the_same_moment_is_kept_as_the_same_number(first: str) -> None:
    store = KINDS[FieldType.DATE].store
    assert store(first) == store("2024-05-31T00:00:00")


def test_the_earliest_and_the_latest_date_of_any_time_zone_are_kept_in_order() -> None:
    store = KINDS[FieldType.DATE].store
    dates = ["0001-01-01T00:00:00+14:00", "0001-01-01", "9999-12-31T23:59:59-14:00"]
    assert [store(date) for date in dates] == sorted(store(date) for date in dates)


@pytest.mark.parametrize(
    ("short", "kind"),
    [("str", FieldType.STRING), ("int", FieldType.INTEGER), ("bool", FieldType.BOOLEAN)],
)
def test_types_have_pythons_names_too(short: str, kind: FieldType) -> None:
    assert FieldType(short) is kind
