"""Random rows and filters, and what a filter means, told in Python."""

from __future__ import annotations

import operator
import random
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from rag.store.base import FieldType
from rag.store.filters import And, Compare, Comparison, Exists, Filter, HasAll, HasAny, In, Not, Or

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.types import MetadataValue, Scalar

FIELDS = {
    "year": FieldType.INTEGER,
    "price": FieldType.FLOAT,
    "lang": FieldType.STRING,
    "open": FieldType.BOOLEAN,
    "seen": FieldType.DATE,
    "tags": FieldType.TAGS,
}
TAGS = ["", "a", "aa", "a b", "it's", "100%_", "\\", "日本", "long " * 20, "'; --"]
VALUES: Mapping[str, Sequence[Scalar]] = {
    "year": [0, 1, -1, 5, 2**53 + 1, -(2**53) - 1, 2**63 - 2, -(2**63) + 2],
    "price": [0.0, -1.0, 0.1, 1e16, 1e-300, -1e-300, 1e300, -1e300, 5e-324, sys.float_info.max],
    "lang": ["", "a", "B", "b", "it's", "a'; drop table x; --", "éa", "long " * 20, "%_", "\\"],
    "open": [True, False],
    "seen": [
        "2024-05-31",
        "2024-05-31T00:00:00Z",
        "2024-05-31T01:30:00+02:00",
        "2024-05-30T23:30:00Z",
        "2024-05-31T00:00:00.000001",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59.999999-10:00",
        "20240531T120000Z",
    ],
    "position": [0, 1],
}
PYTHON = {op: getattr(operator, op.value) for op in Comparison}


def rows(count: int, seed: int) -> list[dict[str, MetadataValue]]:
    """Metadata of random rows; each lacks some fields, and many have values in common."""
    chance = random.Random(seed)
    return [_row(chance) for _ in range(count)]


def _row(chance: random.Random) -> dict[str, MetadataValue]:
    row: dict[str, MetadataValue] = {
        name: chance.choice(VALUES[name])
        for name, kind in FIELDS.items()
        if kind is not FieldType.TAGS and chance.random() < 0.7
    }
    if chance.random() < 0.7:
        row["tags"] = chance.choices(TAGS, k=chance.randrange(4))
    return row


def conditions(name: str) -> st.SearchStrategy[Filter]:
    """Conditions on one field."""
    exists = st.builds(Exists, st.just(name))
    if FIELDS.get(name) is FieldType.TAGS:
        some = st.lists(st.sampled_from(TAGS), max_size=3).map(tuple)
        return (
            exists | st.builds(HasAny, st.just(name), some) | st.builds(HasAll, st.just(name), some)
        )
    value = st.sampled_from(VALUES[name])
    boolean = FIELDS.get(name) is FieldType.BOOLEAN
    operators = [Comparison.EQ, Comparison.NE] if boolean else list(Comparison)
    return (
        exists
        | st.builds(Compare, st.just(name), st.sampled_from(operators), value)
        | st.builds(In, st.just(name), st.lists(value, max_size=4).map(tuple))
    )


def trees(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    """Filters of up to ten such conditions."""
    return st.recursive(
        leaves,
        lambda parts: (
            st.builds(And, st.lists(parts, max_size=4).map(tuple))
            | st.builds(Or, st.lists(parts, max_size=4).map(tuple))
            | st.builds(Not, parts)
        ),
        max_leaves=10,
    )


NAMES = st.sampled_from([*FIELDS, "position"])
# Of one field, which the engine may answer from an index, and of any.
FILTERS = NAMES.flatmap(lambda name: trees(conditions(name))) | trees(NAMES.flatmap(conditions))


def holds(where: Filter, row: Mapping[str, MetadataValue]) -> bool:
    """Whether a filter holds for a row of these fields."""
    match where:
        case And(parts):
            return all(holds(part, row) for part in parts)
        case Or(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case _:
            return where.field in row and _condition(where, row[where.field])


def _condition(where: Filter, given: MetadataValue) -> bool:
    match where:
        case Compare(name, op, value):
            return bool(PYTHON[op](_meant(name, given), _meant(name, value)))
        case In(name, values):
            return _meant(name, given) in [_meant(name, value) for value in values]
        case HasAny(_, tags):
            return any(tag in given for tag in tags) if isinstance(given, list) else False
        case HasAll(_, tags):
            return all(tag in given for tag in tags) if isinstance(given, list) else False
    return True


def _meant(name: str, value: MetadataValue) -> Any:
    if FIELDS.get(name) is not FieldType.DATE:
        return value
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
