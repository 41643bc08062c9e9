"""Expressions as they come over the wire, for the embedded engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import infinity_embedded.embedded_infinity_ext as engine
from infinity.remote_thrift.infinity_thrift_rpc import ttypes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Tensors of every kind are one literal to the engine, which looks at the filled value.
LITERALS: Mapping[int, tuple[Any, tuple[str, ...]]] = {
    ttypes.LiteralType.Boolean: (engine.LiteralType.kBoolean, ("bool_value",)),
    ttypes.LiteralType.Int64: (engine.LiteralType.kInteger, ("i64_value",)),
    ttypes.LiteralType.Double: (engine.LiteralType.kDouble, ("f64_value",)),
    ttypes.LiteralType.String: (engine.LiteralType.kString, ("str_value",)),
    ttypes.LiteralType.Null: (engine.LiteralType.kNull, ()),
    ttypes.LiteralType.IntegerArray: (engine.LiteralType.kIntegerArray, ("i64_array_value",)),
    ttypes.LiteralType.DoubleArray: (engine.LiteralType.kDoubleArray, ("f64_array_value",)),
    ttypes.LiteralType.IntegerTensor: (engine.LiteralType.kSubArrayArray, ("i64_tensor_value",)),
    ttypes.LiteralType.DoubleTensor: (engine.LiteralType.kSubArrayArray, ("f64_tensor_value",)),
    ttypes.LiteralType.IntegerTensorArray: (
        engine.LiteralType.kSubArrayArray,
        ("i64_tensor_array_value",),
    ),
    ttypes.LiteralType.DoubleTensorArray: (
        engine.LiteralType.kSubArrayArray,
        ("f64_tensor_array_value",),
    ),
    ttypes.LiteralType.SparseIntegerArray: (
        engine.LiteralType.kLongSparseArray,
        ("i64_array_idx", "i64_array_value"),
    ),
    ttypes.LiteralType.SparseDoubleArray: (
        engine.LiteralType.kDoubleSparseArray,
        ("i64_array_idx", "f64_array_value"),
    ),
}


def expression(given: ttypes.ParsedExpr) -> Any:
    """A condition, a column or a value."""
    name, part = next((n, v) for n, v in vars(given.type).items() if v is not None)
    made: Any = EXPRESSIONS[name](part)
    if given.alias_name:
        made.alias_name = given.alias_name
    return made


def optional(given: ttypes.ParsedExpr | None) -> Any:
    """An expression, or None when there is none."""
    return None if given is None else expression(given)


def expressions(given: Iterable[ttypes.ParsedExpr] | None) -> list[Any]:
    """Each of a list that may be missing."""
    return [expression(one) for one in given or ()]


def constant(given: ttypes.ConstantExpr) -> Any:
    """A value."""
    literal, fields = LITERALS[given.literal_type]
    made = engine.WrapConstantExpr()
    made.literal_type = literal
    for field in fields:
        setattr(made, field, getattr(given, field))
    return made


def column(given: ttypes.ColumnExpr) -> Any:
    """A column by name, or all of them."""
    made = engine.WrapColumnExpr()
    made.names = given.column_name or []
    made.star = bool(given.star)
    return made


def _function(given: ttypes.FunctionExpr) -> Any:
    made = engine.WrapFunctionExpr()
    made.func_name = given.function_name
    made.arguments = expressions(given.arguments)
    return made


def _in(given: ttypes.InExpr) -> Any:
    made = engine.WrapInExpr()
    made.left = expression(given.left_operand)
    made.arguments = expressions(given.arguments)
    made.in_type = given.in_type
    return made


def _kind(
    kind: Any, field: str, make: Callable[[Any], Any]
) -> Callable[[Any], engine.WrapParsedExpr]:
    def made(part: Any) -> engine.WrapParsedExpr:
        parsed = engine.WrapParsedExpr(kind)
        setattr(parsed, field, make(part))
        return parsed

    return made


EXPRESSIONS: Mapping[str, Callable[[Any], Any]] = {
    "constant_expr": _kind(engine.ParsedExprType.kConstant, "constant_expr", constant),
    "column_expr": _kind(engine.ParsedExprType.kColumn, "column_expr", column),
    "function_expr": _kind(engine.ParsedExprType.kFunction, "function_expr", _function),
    "in_expr": _kind(engine.ParsedExprType.kIn, "in_expr", _in),
}
