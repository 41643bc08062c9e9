"""Filters as people type them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import FilterError
from rag.store.filters import And, Compare, Comparison, Exists, Filter, HasAll, HasAny, In, Not, Or
from rag.where.parse import parse_where

if TYPE_CHECKING:
    from rag.types import Scalar

EQ, NE, LT, GE = Comparison.EQ, Comparison.NE, Comparison.LT, Comparison.GE
A, B, C = (Compare(name, EQ, 1) for name in "abc")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            'year >= 2020 and lang in (en, de) and not tags has "draft"',
            And(
                (
                    Compare("year", GE, 2020),
                    In("lang", ("en", "de")),
                    Not(HasAny("tags", ("draft",))),
                )
            ),
        ),
        ("a=1 or b=1 and c=1", Or((A, And((B, C))))),
        ("(a=1 or b=1) and c=1", And((Or((A, B)), C))),
        ("NOT a == 1 AND b = 1", And((Not(A), B))),
        ("not (a = 1 and b = 1)", Not(And((A, B)))),
        ("a != 1 or b <> 1", Or((Compare("a", NE, 1), Compare("b", NE, 1)))),
        ("lang not in (en)", Not(In("lang", ("en",)))),
        ("tags has a", HasAny("tags", ("a",))),
        ("tags has_any (a, 'b c')", HasAny("tags", ("a", "b c"))),
        ("tags has_all (2024, true)", HasAll("tags", ("2024", "true"))),
        ("not year exists", Not(Exists("year"))),
        ("not_x = not", Compare("not_x", EQ, "not")),
        ("in in (in)", In("in", ("in",))),
        ('"not" = 1', Compare("not", EQ, 1)),
    ],
)
def test_a_filter_means_what_it_says(text: str, meant: Filter) -> None:
    assert parse_where(text) == meant


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020", 2020),
        ("-7", -7),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
        ("TRUE", True),
        ("false", False),
        ("en-US", "en-US"),
        ("日本", "日本"),
        ("1.2.3", "1.2.3"),
        ("2024-05-31", "2024-05-31"),
        ("2024-05-31T10:00:00+02:00", "2024-05-31T10:00:00+02:00"),
        ('"2020"', "2020"),
        ("'true'", "true"),
        (r'"say \"it\" \\ so"', r'say "it" \ so'),
        ('"it\'s"', "it's"),
        ('""', ""),
    ],
)
def test_a_value_is_a_number_or_a_boolean_where_it_reads_as_one_else_text(
    text: str, value: Scalar
) -> None:
    read = parse_where(f"x = {text}")
    assert read == Compare("x", EQ, value)
    assert type(read.value) is type(value)


@given(st.text(min_size=0, max_size=40))
def test_any_text_can_be_quoted(text: str) -> None:
    quoted = text.replace("\\", r"\\").replace('"', r"\"")
    assert parse_where(f'x = "{quoted}"') == Compare("x", EQ, text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("year >= ", "expected a value after >= at character 9."),
        ("year >=", "expected a value after >= at character 8."),
        ("year >= )", "expected a value after >= at character 9."),
        ("", 'expected a field, not or "(" at character 1.'),
        ("year 2020", "has_all, exists or not after year at character 6."),
        ("lang in en", 'expected "(" after in at character 9.'),
        ("lang in ()", "expected a value after ( at character 10."),
        ("lang in (a b)", 'expected "," or ")" after (a at character 12.'),
        ("(a = 1", 'expected ")" after 1 at character 7.'),
        ("a = 1)", "expected the end after 1 at character 6."),
        ("a = 1 b = 2", "expected and, or or the end after 1 at character 7."),
        ("a = 1 and", 'expected a field, not or "(" after and at character 10.'),
        ("a not = 1", "expected in after not at character 7."),
        ("a = 1; drop table x", "expected and, or or the end after 1; at character 8."),
        ("a === 1", "expected a value after == at character 5."),
        ('a = "b', "a quotation mark at character 5 that is not closed."),
    ],
)
def test_a_fault_is_one_sentence_that_points_at_the_place(text: str, fault: str) -> None:
    with pytest.raises(FilterError) as error:
        parse_where(text)
    assert str(error.value).endswith(fault)


def outcome(text: str) -> str:
    try:
        parse_where(text)
    except FilterError as error:
        return str(error)
    return "read"


@given(st.text("ab1 =<>!()\"'\\,-.innothasexistsandor", max_size=30))
def test_whatever_is_typed_is_a_filter_or_one_sentence(text: str) -> None:
    assert re.fullmatch(r"read|The filter [^\0]+ at character \d+[^.]*\.", outcome(text))


def test_deep_nesting_is_read() -> None:
    assert parse_where("(" * 200 + "a = 1" + ")" * 200) == A
