"""Makes the engine's SDK work with current sqlglot.

The SDK walks sqlglot's trees through `hashable_args`, which newer releases removed, and
trips over arguments of functions that are no expressions (`count(*)` has a flag).
"""

from __future__ import annotations

from typing import Any

import sqlglot.expressions as exp

REPAIRED = "strips_flags"


def apply() -> None:
    """Give sqlglot's expressions and the SDK's parser back what is missing; idempotent."""
    if not hasattr(exp.Expression, "hashable_args"):
        setattr(exp.Expression, "hashable_args", property(_child_expressions))  # noqa: B010 - mypy knows no such attribute
    _strip_flags_in_sdk()


def _child_expressions(expression: Any) -> tuple[Any, ...]:
    """The children in the order of the node's declared arguments."""
    values = (expression.args.get(name) for name in expression.arg_types)
    flat = (x for value in values for x in (value if isinstance(value, list) else [value]))
    return tuple(x for x in flat if isinstance(x, exp.Expression))


def _strip_flags_in_sdk() -> None:
    from infinity_embedded.local_infinity import query_builder

    parse = query_builder.maybe_parse
    if getattr(parse, REPAIRED, False):
        return

    def parse_without_flags(*args: Any, **kwargs: Any) -> Any:
        tree = parse(*args, **kwargs)
        for function in tree.find_all(exp.Func):
            for name, value in list(function.args.items()):
                if not isinstance(value, exp.Expression | list):
                    function.args.pop(name)
        return tree

    setattr(parse_without_flags, REPAIRED, True)
    query_builder.maybe_parse = parse_without_flags
