"""Columns and indexes over the wire: definitions to the engine, results back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import infinity_embedded.embedded_infinity_ext as engine
from infinity.remote_thrift.infinity_thrift_rpc import ttypes

from tests.rag.store.server.expressions import constant
from tests.rag.store.server.searches import ELEMENTS, parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

Logic, Column = ttypes.LogicType, ttypes.ColumnType
# Wire type of a column definition, of a result's column, and the engine's type of both.
TYPES: tuple[tuple[int, int, Any], ...] = (
    (Logic.Boolean, Column.ColumnBool, engine.LogicalType.kBoolean),
    (Logic.TinyInt, Column.ColumnInt8, engine.LogicalType.kTinyInt),
    (Logic.SmallInt, Column.ColumnInt16, engine.LogicalType.kSmallInt),
    (Logic.Integer, Column.ColumnInt32, engine.LogicalType.kInteger),
    (Logic.BigInt, Column.ColumnInt64, engine.LogicalType.kBigInt),
    (Logic.Float, Column.ColumnFloat32, engine.LogicalType.kFloat),
    (Logic.Double, Column.ColumnFloat64, engine.LogicalType.kDouble),
    (Logic.Varchar, Column.ColumnVarchar, engine.LogicalType.kVarchar),
    (Logic.Embedding, Column.ColumnEmbedding, engine.LogicalType.kEmbedding),
    (Logic.MultiVector, Column.ColumnMultiVector, engine.LogicalType.kMultiVector),
    (Logic.Tensor, Column.ColumnTensor, engine.LogicalType.kTensor),
    (Logic.TensorArray, Column.ColumnTensorArray, engine.LogicalType.kTensorArray),
    (Logic.Sparse, Column.ColumnSparse, engine.LogicalType.kSparse),
)
TO_ENGINE: Mapping[int, Any] = {logic: logical for logic, _, logical in TYPES}
FROM_ENGINE: Mapping[Any, tuple[int, int]] = {logical: (a, b) for a, b, logical in TYPES}
ELEMENTS_BACK: Mapping[Any, int] = {element: wire for wire, element in ELEMENTS.items()}
INDEXES: Mapping[int, Any] = {
    ttypes.IndexType.IVF: engine.IndexType.kIVF,
    ttypes.IndexType.Hnsw: engine.IndexType.kHnsw,
    ttypes.IndexType.FullText: engine.IndexType.kFullText,
    ttypes.IndexType.BMP: engine.IndexType.kBMP,
    ttypes.IndexType.Secondary: engine.IndexType.kSecondary,
    ttypes.IndexType.EMVB: engine.IndexType.kEMVB,
}
CONSTRAINTS: Mapping[int, Any] = {
    ttypes.Constraint.PrimaryKey: engine.ConstraintType.kPrimaryKey,
    ttypes.Constraint.NotNull: engine.ConstraintType.kNotNull,
    ttypes.Constraint.Null: engine.ConstraintType.kNull,
    ttypes.Constraint.Unique: engine.ConstraintType.kUnique,
}


def column_definition(given: ttypes.ColumnDef) -> Any:
    """A column of a table to be made."""
    made = engine.WrapColumnDef()
    made.id, made.column_name = given.id, given.name
    made.column_type = _type(given.data_type)
    made.constraints = [CONSTRAINTS[one] for one in given.constraints or ()]
    made.constant_expr = constant(given.constant_expr)
    return made


def index_definition(given: ttypes.IndexInfo) -> Any:
    """An index to be made."""
    made = engine.WrapIndexInfo()
    made.column_name = given.column_name
    made.index_type = INDEXES[given.index_type]
    made.index_param_list = parameters(given.index_param_list)
    return made


def insert_row(given: ttypes.Field) -> Any:
    """A row to be inserted."""
    made = engine.WrapInsertRowExpr()
    made.columns = given.column_names
    made.values = [constant(value.type.constant_expr) for value in given.parse_exprs]
    return made


def result(found: Any) -> ttypes.SelectResponse:
    """Rows found: both sides keep the values of a column as the same bytes."""
    return ttypes.SelectResponse(
        error_code=int(found.error_code),
        error_msg=found.error_msg,
        column_defs=[_result_definition(one) for one in found.column_defs],
        column_fields=[
            ttypes.ColumnField(
                column_type=FROM_ENGINE[one.column_type][1],
                column_vectors=list(one.column_vectors),
                column_name=one.column_name,
            )
            for one in found.column_fields
        ],
        extra_result=found.extra_result,
    )


def _type(given: ttypes.DataType) -> Any:
    made = engine.WrapDataType()
    made.logical_type = TO_ENGINE[given.logic_type]
    if given.logic_type == Logic.Sparse:
        made.sparse_type = _sparse_type(given.physical_type.sparse_type)
    elif given.logic_type in VECTORS:
        made.embedding_type = _embedding_type(given.physical_type.embedding_type)
    return made


def _sparse_type(given: ttypes.SparseType) -> Any:
    made = engine.WrapSparseType()
    made.dimension = given.dimension
    made.element_type = ELEMENTS[given.element_type]
    made.index_type = ELEMENTS[given.index_type]
    return made


def _embedding_type(given: ttypes.EmbeddingType) -> Any:
    made = engine.WrapEmbeddingType()
    made.dimension = given.dimension
    made.element_type = ELEMENTS[given.element_type]
    return made


def _result_definition(given: Any) -> ttypes.ColumnDef:
    kind = given.column_type
    return ttypes.ColumnDef(
        id=given.id,
        name=given.column_name,
        data_type=ttypes.DataType(FROM_ENGINE[kind.logical_type][0], _physical(kind)),
    )


def _physical(kind: Any) -> ttypes.PhysicalType:
    if kind.logical_type == engine.LogicalType.kSparse:
        sparse = kind.sparse_type
        return ttypes.PhysicalType(
            sparse_type=ttypes.SparseType(
                sparse.dimension,
                ELEMENTS_BACK[sparse.element_type],
                ELEMENTS_BACK[sparse.index_type],
            )
        )
    if FROM_ENGINE[kind.logical_type][0] not in VECTORS:
        return ttypes.PhysicalType()
    embedding = kind.embedding_type
    return ttypes.PhysicalType(
        embedding_type=ttypes.EmbeddingType(
            embedding.dimension, ELEMENTS_BACK[embedding.element_type]
        )
    )


VECTORS = (Logic.Embedding, Logic.MultiVector, Logic.Tensor, Logic.TensorArray)
