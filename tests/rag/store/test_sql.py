"""Filters become SQL that means what they say, whatever text is in them."""

from __future__ import annotations

import operator
import sys
from typing import TYPE_CHECKING

import pytest
import sqlglot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.errors import FilterError
from rag.store.base import FieldType
from rag.store.filters import And, Compare, Comparison, Filter, In, Not, Or
from rag.store.sql import MAX_DEPTH, MAX_SIZE, literal, one_of, to_sql
from rag.types import Leg, Rerank
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.embedded import EmbeddedStore
    from rag.types import Scalar

FIELDS = {
    "year": FieldType.INTEGER,
    "price": FieldType.FLOAT,
    "lang": FieldType.STRING,
    "open": FieldType.BOOLEAN,
}
SPEC = spec("test", FIELDS)
HOSTILE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | (
    st.sampled_from(["' or 1=1 --", "'';", "\\'", "a\nb", "%_", "/* x */", '"', "''''", "\u2028"])
)
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
def shelf(store: EmbeddedStore) -> str:
    """A collection of documents with metadata; `none` has none."""
    store.create_collection(spec("shelf", FIELDS))
    rows: dict[str, dict[str, Scalar]] = {
        "old": {"year": -5, "price": 0.5, "lang": "la", "open": True},
        "new": {"year": 2024, "price": 1e-300, "lang": "it's", "open": False},
        "big": {"year": 2**62, "price": -1e300, "lang": "", "open": True},
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
        (Compare("title", EQ, "Title of old"), {"old"}),
        (And(()), {"old", "new", "big", "none"}),
        (Or(()), set()),
        (And((Compare("open", EQ, True), Compare("year", LT, 0))), {"old"}),
        (Or((Compare("year", EQ, 2024), In("doc_id", ("none",)))), {"new", "none"}),
        (And((Or(()), Compare("year", EQ, 2024))), set()),
    ],
)
def test_filters_keep_what_they_say_in_every_leg(
    store: EmbeddedStore, shelf: str, where: Filter, expected: set[str]
) -> None:
    asked = query(where=where)
    assert {hit.chunk.doc_id for hit in store.search(shelf, asked)} == expected
    for ids in store.leg_rankings(shelf, asked).values():
        assert {id_.split("#")[0] for id_ in ids} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOSTILE.filter(bool), min_size=2, max_size=4, unique=True))
def test_hostile_ids_are_found_again_and_alone(store: EmbeddedStore, names: list[str]) -> None:
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


# --- against a model: the same filter, evaluated in Python ---

PYTHON = {
    Comparison.EQ: operator.eq,
    Comparison.NE: operator.ne,
    Comparison.LT: operator.lt,
    Comparison.LE: operator.le,
    Comparison.GT: operator.gt,
    Comparison.GE: operator.ge,
}
YEARS = [0, 1, -1, 5, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63) + 2]
PRICES = [0.0, -1.0, 0.1, 1e16, 1e-300, -1e-300, 1e300, -1e300, 5e-324, sys.float_info.max]
LANGS = ["", "a", "B", "b", "it's", "a'; drop table x; --", "éa", "long " * 20, "100%_", "\\"]
ROWS: list[dict[str, Scalar]] = [
    *({"year": year} for year in YEARS),
    *({"price": price, "year": 5} for price in PRICES),
    *({"lang": lang, "open": len(lang) % 2 == 0} for lang in LANGS),
    {"open": True, "year": -1},
    {},
]
VALUES: dict[str, st.SearchStrategy[Scalar]] = {
    "year": st.sampled_from(YEARS),
    "price": st.sampled_from(PRICES),
    "lang": st.sampled_from(LANGS),
    "position": st.integers(0, 2),
}
COMPARISONS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.builds(Compare, st.just(name), st.sampled_from(Comparison), VALUES[name])
) | st.builds(Compare, st.just("open"), st.sampled_from([EQ, NE]), st.booleans())
MEMBERSHIPS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.builds(In, st.just(name), st.lists(VALUES[name], max_size=4).map(tuple))
)
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    COMPARISONS | MEMBERSHIPS,
    lambda parts: (
        st.builds(And, st.lists(parts, max_size=4).map(tuple))
        | st.builds(Or, st.lists(parts, max_size=4).map(tuple))
        | st.builds(Not, parts)
    ),
    max_leaves=8,
)


def holds(where: Filter, row: Mapping[str, Scalar]) -> bool:
    match where:
        case Compare(name, op, value):
            return name in row and bool(PYTHON[op](row[name], value))
        case In(name, values):
            return row.get(name) in values
        case And(parts):
            return all(holds(part, row) for part in parts)
        case Or(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)


@pytest.fixture(scope="module")
def things(store: EmbeddedStore) -> str:
    """A collection with one chunk for each of `ROWS`; all of them have the word "thing"."""
    store.create_collection(spec("things", FIELDS))
    rows = [document(f"d{i}", "thing", metadata=row) for i, row in enumerate(ROWS)]
    store.write("things", rows)
    store.wait_until_searchable("things", 30)
    return "things"


def found(store: EmbeddedStore, collection: str, where: Filter) -> set[str]:
    asked = query("thing", legs=(Leg.FULLTEXT,), rerank=Rerank.NONE, where=where, top_k=100)
    return {hit.chunk.doc_id for hit in store.search(collection, asked)}


@given(where=FILTERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_engine_reads_a_filter_as_it_was_meant(
    store: EmbeddedStore, things: str, where: Filter
) -> None:
    meant = {f"d{i}" for i, row in enumerate(ROWS) if holds(where, {**row, "position": 0})}
    assert found(store, things, where) == meant


def test_the_largest_filters_are_answered(store: EmbeddedStore, things: str) -> None:
    minus_one = {f"d{i}" for i, row in enumerate(ROWS) if row.get("year") == -1}
    assert found(store, things, In("year", tuple(range(1 - MAX_SIZE, 0)))) == minus_one
    nested: Filter = Or(tuple(Compare("year", EQ, -i) for i in range(1, MAX_SIZE - 60)))
    for _ in range(MAX_DEPTH - 2):
        nested = And((nested, Compare("position", EQ, 0)))
    assert found(store, things, nested) == minus_one


def test_a_filter_on_several_columns_keeps_the_engine_from_combining_indexes() -> None:
    """It crashes when it does: three conditions on two columns are enough."""
    year, lang = Compare("year", EQ, 1), Compare("lang", EQ, "a")
    assert to_sql(And((year, lang)), SPEC) == "(position < 0 or (field_0 = 1 and field_2 = 'a'))"
    assert to_sql(And((year, year)), SPEC) == "(field_0 = 1 and field_0 = 1)"
