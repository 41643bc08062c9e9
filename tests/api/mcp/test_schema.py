"""Tools have the bounds of the routes that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from api.app import create_app
from api.mcp.schema import input_schema, output_schema
from api.mcp.tools import BY_NAME, TOOLS
from rag.settings import Settings

if TYPE_CHECKING:
    from api.mcp.tools import Tool


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    return create_app(Settings()).openapi()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_schemas_are_valid_and_stand_alone(tool: Tool, api: dict[str, Any]) -> None:
    for schema in (input_schema(tool, api), output_schema(tool, api)):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert "#/components" not in str(schema)


def test_a_question_is_needed_and_top_k_is_bounded_as_over_http(api: dict[str, Any]) -> None:
    taken = Draft202012Validator(input_schema(BY_NAME["search"], api))
    taken.validate({"question": "volcano", "top_k": 3})
    for refused in ({}, {"question": "volcano", "top_k": 0}, {"question": "a", "unknown": 1}):
        with pytest.raises(ValidationError):
            taken.validate(refused)


def test_a_filter_may_be_nested(api: dict[str, Any]) -> None:
    taken = Draft202012Validator(input_schema(BY_NAME["search"], api))
    year = {"field": "year", "op": "ge", "value": 2020}
    taken.validate({"question": "volcano", "filter": {"and": [{"not": year}, {"or": [year]}]}})
    with pytest.raises(ValidationError):
        taken.validate({"question": "volcano", "filter": {"and": [{"not": {"field": "year"}}]}})


def test_the_collection_of_a_path_is_needed(api: dict[str, Any]) -> None:
    taken = input_schema(BY_NAME["list_documents"], api)
    assert taken["required"] == ["collection"]
    assert set(taken["properties"]) == {"collection", "limit", "cursor"}
