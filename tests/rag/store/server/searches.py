"""Searches as they come over the wire, for the embedded engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import infinity_embedded.embedded_infinity_ext as engine
from infinity.remote_thrift.infinity_thrift_rpc import ttypes

from tests.rag.store.server.expressions import column, constant, expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DISTANCES: Mapping[int, Any] = {
    ttypes.KnnDistanceType.L2: engine.KnnDistanceType.kL2,
    ttypes.KnnDistanceType.Cosine: engine.KnnDistanceType.kCosine,
    ttypes.KnnDistanceType.InnerProduct: engine.KnnDistanceType.kInnerProduct,
    ttypes.KnnDistanceType.Hamming: engine.KnnDistanceType.kHamming,
}
ELEMENTS: Mapping[int, Any] = {
    ttypes.ElementType.ElementBit: engine.EmbeddingDataType.kElemBit,
    ttypes.ElementType.ElementUInt8: engine.EmbeddingDataType.kElemUInt8,
    ttypes.ElementType.ElementInt8: engine.EmbeddingDataType.kElemInt8,
    ttypes.ElementType.ElementInt16: engine.EmbeddingDataType.kElemInt16,
    ttypes.ElementType.ElementInt32: engine.EmbeddingDataType.kElemInt32,
    ttypes.ElementType.ElementInt64: engine.EmbeddingDataType.kElemInt64,
    ttypes.ElementType.ElementFloat32: engine.EmbeddingDataType.kElemFloat,
    ttypes.ElementType.ElementFloat64: engine.EmbeddingDataType.kElemDouble,
    ttypes.ElementType.ElementFloat16: engine.EmbeddingDataType.kElemFloat16,
    ttypes.ElementType.ElementBFloat16: engine.EmbeddingDataType.kElemBFloat16,
}


def search(given: ttypes.SearchExpr | None) -> Any:
    """All legs and fusions of a query, or None when it has none."""
    if given is None:
        return None
    made = engine.WrapSearchExpr()
    made.match_exprs = [_match(one) for one in given.match_exprs or ()]
    made.fusion_exprs = [_fusion(one) for one in given.fusion_exprs or ()]
    return made


def parameters(given: Iterable[ttypes.InitParameter] | None) -> list[Any]:
    """Options of a leg or of an index."""
    made = []
    for one in given or ():
        parameter = engine.InitParameter()
        parameter.param_name, parameter.param_value = one.param_name, one.param_value
        made.append(parameter)
    return made


def _match(given: ttypes.GenericMatchExpr) -> Any:
    name, part = next((n, v) for n, v in vars(given).items() if v is not None)
    kind, field, make = MATCHES[name]
    made, leg = engine.WrapParsedExpr(kind), make(part)
    if part.filter_expr is not None:
        leg.filter_expr = expression(part.filter_expr)
    setattr(made, field, leg)
    return made


def _dense(given: ttypes.KnnExpr) -> Any:
    made = engine.WrapKnnExpr()
    made.column_expr = column(given.column_expr)
    made.embedding_data = _embedding(given.embedding_data)
    made.embedding_data_type = ELEMENTS[given.embedding_data_type]
    made.distance_type = DISTANCES[given.distance_type]
    made.topn = given.topn
    made.opt_params = parameters(given.opt_params)
    return made


def _sparse(given: ttypes.MatchSparseExpr) -> Any:
    made = engine.WrapMatchSparseExpr()
    made.column_expr = column(given.column_expr)
    made.sparse_expr = constant(given.query_sparse_expr)
    made.metric_type = given.metric_type
    made.topn = given.topn
    made.opt_params = parameters(given.opt_params)
    return made


def _tensor(given: ttypes.MatchTensorExpr) -> Any:
    made = engine.WrapMatchTensorExpr()
    made.column_expr = column(given.column_expr)
    made.search_method = given.search_method
    made.embedding_data = _embedding(given.embedding_data)
    made.embedding_data_type = ELEMENTS[given.embedding_data_type]
    made.options_text = given.extra_options or ""
    return made


def _text(given: ttypes.MatchExpr) -> Any:
    made = engine.WrapMatchExpr()
    made.fields = given.fields
    made.matching_text = given.matching_text
    made.options_text = given.options_text
    return made


def _fusion(given: ttypes.FusionExpr) -> Any:
    made = engine.WrapFusionExpr()
    made.method = given.method
    made.options_text = given.options_text
    if given.optional_match_tensor_expr is not None:
        made.has_match_tensor_expr = True
        made.match_tensor_expr = _tensor(given.optional_match_tensor_expr)
    return made


def _embedding(given: ttypes.EmbeddingData) -> Any:
    made = engine.EmbeddingData()
    name, values = next((n, v) for n, v in vars(given).items() if v is not None)
    setattr(made, name, values)
    return made


MATCHES: Mapping[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "match_vector_expr": (engine.ParsedExprType.kKnn, "knn_expr", _dense),
    "match_sparse_expr": (engine.ParsedExprType.kMatchSparse, "match_sparse_expr", _sparse),
    "match_tensor_expr": (engine.ParsedExprType.kMatchTensor, "match_tensor_expr", _tensor),
    "match_text_expr": (engine.ParsedExprType.kMatch, "match_expr", _text),
}
