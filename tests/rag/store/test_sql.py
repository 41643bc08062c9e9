"""Filters become SQL that means what they say, whatever text is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlglot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.errors import FilterError
from rag.store.base import FieldType
from rag.store.filters import And, Compare, Comparison, Exists, Filter, HasAll, HasAny, In, Not, Or
from rag.store.sql import literal, one_of, to_sql
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from rag.store.engine_store import EngineStore
    from rag.types import MetadataValue

FIELDS = {
    "year": FieldType.INTEGER,
    "price": FieldType.FLOAT,
    "lang": FieldType.STRING,
    "open": FieldType.BOOLEAN,
    "seen": FieldType.DATE,
    "tags": FieldType.TAGS,
}
SPEC = spec("test", FIELDS)
HOSTILE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | (
    st.sampled_from(["' or 1=1 --", "'';", "\\'", "a\nb", "%_", "/* x */", '"', "''''", "\u2028"])
)
OLD = "2024-05-31T00:30:00+02:00"
EQ, NE, LT, GE = Comparison.EQ, Comparison.NE, Comparison.LT, Comparison.GE


@given(HOSTILE)
@example("\\")
def test_hostile_text_stays_one_literal(text: str) -> None:
    tree = sqlglot.condition(f"doc_id = {literal(text)}")
    assert isinstance(tree, sqlglot.exp.EQ)
    assert isinstance(tree.expression, sqlglot.exp.Literal)
    assert tree.expression.this == text


@given(st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_what_they_are(number: float) -> None:
    tree = sqlglot.condition(f"position = {literal(number)}")
    assert type(number)(tree.expression.sql()) == number


@pytest.fixture(scope="module")
def shelf(store: EngineStore) -> str:
    """A collection of documents with metadata; `none` has none."""
    store.create_collection(spec("shelf", FIELDS))
    rows: dict[str, dict[str, MetadataValue]] = {
        "old": {
            "year": -5,
            "price": 0.5,
            "lang": "la",
            "open": True,
            "seen": OLD,
            "tags": ["a", "it's"],
        },
        "new": {"year": 2024, "price": 1e-300, "lang": "it's", "open": False, "tags": []},
        "big": {"year": 2**62, "price": -1e300, "lang": "", "open": True, "tags": ["a%"]},
        "none": {},
    }
    store.write("shelf", [document(name, "some words", metadata=m) for name, m in rows.items()])
    store.wait_until_searchable("shelf", 30)
    return "shelf"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Compare("year", EQ, -5), {"old"}),
        (Compare("year", LT, 2024), {"old"}),
        (Compare("year", GE, 2024), {"new", "big"}),
        (Compare("year", NE, 2024), {"old", "big"}),
        (Not(Compare("year", EQ, 2024)), {"old", "big", "none"}),
        (Compare("price", EQ, 0.5), {"old"}),
        (Compare("price", LT, 0.1), {"new", "big"}),
        (Compare("price", LT, -1), {"big"}),
        (Compare("lang", EQ, "it's"), {"new"}),
        (Compare("lang", EQ, ""), {"big"}),
        (Compare("open", EQ, True), {"old", "big"}),
        (Compare("open", NE, True), {"new"}),
        (In("lang", ("la", "it's")), {"old", "new"}),
        (In("year", (-5, 7)), {"old"}),
        (In("year", ()), set()),
        (Not(In("year", ())), {"old", "new", "big", "none"}),
        (HasAny("tags", ("a",)), {"old"}),
        (HasAny("tags", ("a%", "it's", "none")), {"old", "big"}),
        (HasAny("tags", ("a', 'b",)), set()),
        (HasAny("tags", ()), set()),
        (HasAll("tags", ("it's", "a")), {"old"}),
        (HasAll("tags", ("it's", "a%")), set()),
        (HasAll("tags", ()), {"old", "new", "big"}),
        (Not(HasAny("tags", ("a",))), {"new", "big", "none"}),
        (Exists("tags"), {"old", "new", "big"}),
        (Exists("year"), {"old", "new", "big"}),
        (Exists("seen"), {"old"}),
        (Not(Exists("seen")), {"new", "big", "none"}),
        (Compare("seen", EQ, "2024-05-30T22:30:00Z"), {"old"}),
        (Compare("seen", LT, "2024-05-31"), {"old"}),
        (Compare("seen", LT, "2024-05-31T00:00+02:00"), set()),
        (In("seen", ("2024-05-31", "2024-05-30T23:30:00+01:00")), {"old"}),
        (Compare("title", EQ, "Title of old"), {"old"}),
        (And(()), {"old", "new", "big", "none"}),
        (Or(()), set()),
        (And((Compare("open", EQ, True), Compare("year", LT, 0))), {"old"}),
        (Or((Compare("year", EQ, 2024), In("doc_id", ("none",)))), {"new", "none"}),
        (And((Or(()), Compare("year", EQ, 2024))), set()),
    ],
)
def test_filters_keep_what_they_say_in_every_leg(
    store: EngineStore, shelf: str, where: Filter, expected: set[str]
) -> None:
    asked = query(where=where)
    assert {hit.chunk.doc_id for hit in store.search(shelf, asked)} == expected
    for ids in store.leg_rankings(shelf, asked).values():
        assert {id_.split("#")[0] for id_ in ids} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOSTILE.filter(bool), min_size=2, max_size=4, unique=True))
def test_hostile_ids_are_found_again_and_alone(store: EngineStore, names: list[str]) -> None:
    if "hostile" not in [info.spec.name for info in store.collections()]:
        store.create_collection(spec("hostile"))
    store.write("hostile", [document(name, "some words") for name in names])
    for name in names:
        found = store.search("hostile", query(where=Compare("doc_id", EQ, name)))
        assert {hit.chunk.doc_id for hit in found} == {name}
    assert store.delete("hostile", names) == len(names)
    assert store.describe("hostile").rows == 0


def deep(levels: int) -> Filter:
    where: Filter = Compare("year", EQ, 1)
    for _ in range(levels):
        where = Not(where)
    return where


@pytest.mark.parametrize(
    ("where", "named"),
    [
        (Compare("yaer", EQ, 1), "yaer"),
        (Compare("year", EQ, "1"), "year"),
        (Compare("year", EQ, True), "year"),
        (Compare("year", EQ, 2**63), "64 bits"),
        (Compare("price", EQ, float("nan")), "finite"),
        (Compare("open", EQ, 1), "open"),
        (Compare("open", LT, True), "eq or ne"),
        (Compare("lang", EQ, "a\0b"), "NUL"),
        (Compare("lang", EQ, "\ud800"), "surrogate"),
        (In("lang", ("la", 1)), "lang"),
        (
            Compare("seen", EQ, "31.5.2024"),
            "seen is of type date: '31.5.2024' is not a date of ISO",
        ),
        (Compare("seen", EQ, 2024), "2024 is not a date"),
        (Compare("tags", EQ, "a"), "use has, has_any or has_all"),
        (In("tags", ("a",)), "use has, has_any or has_all"),
        (HasAny("lang", ("a",)), "is of type string, not tags"),
        (HasAll("tags", ("a\x1fb",)), "U\\+001F"),
        (HasAll("tags", tuple(map(str, range(1001)))), "1000"),
        (Exists("yaer"), "yaer"),
        (In("year", tuple(range(1001))), "1000"),
        (deep(20), "nested"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_with_one_sentence(where: Filter, named: str) -> None:
    with pytest.raises(FilterError, match=named):
        to_sql(where, SPEC)


def test_an_empty_list_never_becomes_sql() -> None:
    with pytest.raises(ValueError, match="empty"):
        one_of("doc_id", [])


def test_a_filter_on_several_columns_keeps_the_engine_from_combining_indexes() -> None:
    """It crashes when it does: three conditions on two columns are enough."""
    year, lang = Compare("year", EQ, 1), Compare("lang", EQ, "a")
    assert to_sql(And((year, lang)), SPEC) == "(position < 0 or (field_0 = 1 and field_2 = 'a'))"
    assert to_sql(And((year, year)), SPEC) == "(field_0 = 1 and field_0 = 1)"


def test_only_equality_is_looked_up_in_an_index() -> None:
    """A range without an upper end crashes the engine when the index is large."""
    assert to_sql(In("lang", ("a",)), SPEC) == "field_2 in ('a')"
    for where in (Compare("year", GE, 1), Not(Compare("year", EQ, 1)), Exists("year")):
        assert str(to_sql(where, SPEC)).startswith("(position < 0 or ")
