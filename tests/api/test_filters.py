"""Filters over HTTP: every operator has a shape of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.filters import FilterBody, to_typed
from rag.store.filters import And, Compare, Comparison, Exists, Filter, HasAll, HasAny, In, Not, Or

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

BODY: TypeAdapter[Any] = TypeAdapter(FilterBody)
YEAR = {"field": "year", "op": "ge", "value": 2020}
TYPED_YEAR = Compare("year", Comparison.GE, 2020)


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        (YEAR, TYPED_YEAR),
        ({"field": "lang", "op": "in", "value": ["en", "de"]}, In("lang", ("en", "de"))),
        ({"field": "tags", "op": "has", "value": "a"}, HasAny("tags", ("a",))),
        ({"field": "tags", "op": "has_any", "value": ["a", "b"]}, HasAny("tags", ("a", "b"))),
        ({"field": "tags", "op": "has_all", "value": ["a", "b"]}, HasAll("tags", ("a", "b"))),
        ({"field": "seen", "op": "exists"}, Exists("seen")),
        ({"and": [YEAR, {"not": YEAR}]}, And((TYPED_YEAR, Not(TYPED_YEAR)))),
        ({"or": [YEAR]}, Or((TYPED_YEAR,))),
    ],
)
def test_a_filter_is_read_from_json(body: dict[str, Any], meant: Filter) -> None:
    assert to_typed(BODY.validate_python(body)) == meant


@pytest.mark.parametrize(
    "body",
    [
        {"field": "tags", "op": "has", "value": ["a"]},
        {"field": "tags", "op": "has", "value": 1},
        {"field": "tags", "op": "has_any", "value": "a"},
        {"field": "tags", "op": "has_all", "value": ["a", 1]},
        {"field": "seen", "op": "exists", "value": True},
        {"field": "seen", "op": ["exists"]},
        {"op": "exists"},
    ],
)
def test_another_shape_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BODY.validate_python(body)


@pytest.mark.parametrize("name", ["filter", "where"])
def test_a_request_has_its_filter_by_either_name(
    client: TestClient, corpus: str, name: str
) -> None:
    kept = {"field": "doc_id", "op": "eq", "value": "moon"}
    body = {"question": "bees", "collection": corpus, name: kept}
    passages = client.post("/v1/search", json=body).json()["passages"]
    assert {p["doc_id"] for p in passages} == {"moon"}


def test_a_fault_of_a_filter_is_pointed_to_by_the_name_that_was_sent(client: TestClient) -> None:
    faulty = {"and": [{**YEAR, "value": None}]}
    for name in ("filter", "where"):
        response = client.post("/v1/search", json={"question": "x", name: faulty})
        assert [e["pointer"] for e in response.json()["errors"]] == [f"/{name}/and/0/value"]


def test_two_filters_are_one_too_many(client: TestClient) -> None:
    response = client.post("/v1/search", json={"question": "x", "filter": YEAR, "where": YEAR})
    assert response.status_code == 422
