"""How benchmarks print their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.cli.output import print_json, stdout

if TYPE_CHECKING:
    from collections.abc import Mapping


def report(result: Mapping[str, Any], as_json: bool) -> None:
    """The figures as JSON, or as lines of dotted names."""
    if as_json:
        print_json(result)
        return
    for name, value in flatten(result):
        stdout.print(f"{name}: {value}", markup=False)


def flatten(value: Any, name: str = "") -> list[tuple[str, Any]]:
    """Leaves of nested mappings and lists with their dotted names."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in flatten(item, _join(name, key))]
    if isinstance(value, list):
        return [leaf for i, item in enumerate(value) for leaf in flatten(item, _join(name, i))]
    return [(name, value)]


def _join(name: str, key: object) -> str:
    return f"{name}.{key}" if name else str(key)
