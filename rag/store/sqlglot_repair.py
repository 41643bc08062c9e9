"""Makes the engine's SDK work with current sqlglot.

The SDK turns SQL into expression trees with `Expression.hashable_args`, which sqlglot
removed in release 27, and hands every argument of a function to the engine, which fails
on the flags that newer releases keep there (`count(*)` carries `big_int=True`). Both are
mended here, once, and only where they are broken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = "_strips_flags"
MOST_KEPT = 256


def repair_sqlglot() -> None:
    """Restore what the SDK needs; does nothing when it is there. Idempotent."""
    from sqlglot.expressions import Expression

    if not hasattr(Expression, "hashable_args"):
        children = property(_child_expressions)
        setattr(Expression, "hashable_args", children)  # noqa: B010 - unknown to sqlglot's stubs
    _strip_flags_in_sdk()


def _child_expressions(expression: Any) -> tuple[Any, ...]:
    """The arguments that are expressions, in the order of `arg_types`."""
    from sqlglot.expressions import Expression

    values = (expression.args.get(name) for name in expression.arg_types)
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return tuple(item for item in flat if isinstance(item, Expression))


def _strip_flags_in_sdk() -> None:
    from infinity_embedded.local_infinity import query_builder

    if not hasattr(query_builder.maybe_parse, _MARK):
        query_builder.maybe_parse = _without_flags(query_builder.maybe_parse)


def _without_flags(parse: Callable[..., Any]) -> Callable[..., Any]:
    """`parse`, then drop the arguments of functions that are not expressions.

    The SDK parses each output column of each query, and only reads the trees: they are kept.
    """
    from sqlglot.expressions import Expression, Func

    @lru_cache(maxsize=MOST_KEPT)
    def parse_and_strip(sql: Any, **options: Any) -> Any:
        tree = parse(sql, **options)
        for function in tree.find_all(Func):
            for name, value in list(function.args.items()):
                if not isinstance(value, Expression | list):
                    function.args.pop(name)
        return tree

    setattr(parse_and_strip, _MARK, True)
    return parse_and_strip
