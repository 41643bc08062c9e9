"""The schemas of tools, taken from the API's own description, so that bounds are the same.

OpenAPI 3.1 holds JSON Schema 2020-12, as MCP wants it; only the place of what is shared
differs: `#/components/schemas` there, `#/$defs` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.mcp.tools import Tool

SHARED = "#/components/schemas/"


def input_schema(tool: Tool, api: Mapping[str, Any]) -> dict[str, Any]:
    """What a tool takes: of the route's body and parameters, those that the tool names."""
    operation = api["paths"][tool.path][tool.method]
    fields, required = _parameters(operation)
    if "requestBody" in operation:
        body = _resolved(_json_schema(operation["requestBody"]), api)
        fields |= body["properties"]
        required += body.get("required", [])
    schema = {
        "type": "object",
        "properties": {name: fields[name] for name in tool.arguments},
        "required": [name for name in tool.arguments if name in required],
        "additionalProperties": False,
    }
    return _self_contained(schema, api)


def output_schema(tool: Tool, api: Mapping[str, Any]) -> dict[str, Any]:
    """What a tool gives: the route's successful JSON response."""
    response = api["paths"][tool.path][tool.method]["responses"]["200"]
    return _self_contained(_resolved(_json_schema(response), api), api)


def _parameters(operation: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Schemas of path and query, and which of them must be given."""
    parameters = [each for each in operation.get("parameters", []) if each["in"] != "header"]
    schemas = {
        each["name"]: _described(each["schema"], each.get("description")) for each in parameters
    }
    return schemas, [each["name"] for each in parameters if each.get("required")]


def _described(schema: Mapping[str, Any], description: str | None) -> dict[str, Any]:
    return {**schema, **({"description": description} if description else {})}


def _json_schema(holder: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = holder["content"]["application/json"]["schema"]
    return schema


def _resolved(schema: dict[str, Any], api: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = api["components"]["schemas"][_name(schema["$ref"])]
    return found


def _self_contained(schema: dict[str, Any], api: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with everything that it refers to, at any distance."""
    needed: dict[str, Any] = {}
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = api["components"]["schemas"][name]
            waiting.extend(_references(needed[name]))
    definitions = {name: _moved(shared) for name, shared in sorted(needed.items())}
    return {**_moved(schema), **({"$defs": definitions} if definitions else {})}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield _name(node["$ref"])
        for child in node.values():
            yield from _references(child)
    if isinstance(node, list):
        for child in node:
            yield from _references(child)


def _moved(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _moved(child) for key, child in node.items()}
    if isinstance(node, list):
        return [_moved(child) for child in node]
    return node.replace(SHARED, "#/$defs/") if isinstance(node, str) else node


def _name(reference: str) -> str:
    return reference.removeprefix(SHARED)
