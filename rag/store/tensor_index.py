"""The engine's index over token vectors, built and dropped where it does no harm.

EMVB: Nardini, Rulli & Venturini 2024, "Efficient Multi-Vector Dense Retrieval with Bit
Vectors", ECIR. The engine ends the process when it trains one on fewer vectors than its
centroids need, finds half of the rows that are added later, and uses an index for every
tensor search as soon as there is one. So an index is built only where there are vectors
enough, and dropped before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.errors import InputError, StoreError, StoreUnreachableError
from rag.store.base import TensorIndex
from rag.store.engine import read
from rag.store.schema import TOKENS
from rag.types import TensorStorage, Unit

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.base import CollectionSpec
    from rag.store.engine import Engine

INDEX = "index_tokens"
FEWEST_VECTORS = 8192
MARKERS = "tensor-indexes"  # folder of an empty file for each collection that is to have one
ROWS_A_READ = 256
SEGMENTS_ASKED_FOR = 16
# Parts that the engine can cut a vector into, each coded by a byte.
SUBSPACES = (64, 32, 16, 8, 4, 2, 1)
FEWEST_DIMENSIONS = 4  # of a part: shorter ones cost more than they gain


class TensorIndexes:
    """The indexes over token vectors of a database's collections, by table.

    A file in `state_dir` remembers which were asked for, so that one which a write dropped
    is known to be missing.
    """

    def __init__(self, engine: Engine, state_dir: Path):
        self._engine = engine
        self._markers = state_dir / MARKERS

    def build(self, table: str, spec: CollectionSpec) -> None:
        """Index all rows that are there. Raises: InputError when the engine cannot."""
        check_indexable(self._engine, table, spec)
        self._markers.mkdir(exist_ok=True)
        self._marker(table).touch()
        drop_index(self._engine, table)
        build_index(self._engine, table, spec)

    def before_write(self, table: str) -> None:
        """Drop the index, if there is one: it would not find what is about to be written."""
        drop_index(self._engine, table)

    def drop(self, table: str) -> None:
        """Drop the index and forget that it was asked for."""
        self.forget(table)
        drop_index(self._engine, table)

    def forget(self, table: str) -> None:
        """The table itself is gone, or its index is no longer wanted."""
        self._marker(table).unlink(missing_ok=True)

    def state(self, table: str) -> TensorIndex:
        """Whether searches use one."""
        if has_index(self._engine, table):
            return TensorIndex.READY
        return TensorIndex.STALE if self._marker(table).exists() else TensorIndex.NONE

    def _marker(self, table: str) -> Path:
        return self._markers / table


def check_indexable(engine: Engine, table: str, spec: CollectionSpec) -> None:
    """Refuse what the engine cannot index. Raises: InputError."""
    if spec.layout.unit is not Unit.CHUNK or spec.layout.tensor_storage is not TensorStorage.FLOAT:
        raise InputError(
            f"The token vectors of {spec.name} cannot be indexed: only those of chunks, kept as "
            "float, can; the tensor leg searches them exhaustively."
        )
    if _segments(engine, table) > 1:
        raise InputError(
            f"The collection {spec.name} cannot be indexed as the engine has split it; the tensor "
            "leg searches it exhaustively. Index the documents into a new collection."
        )
    if not _has_vectors(engine, table, FEWEST_VECTORS):
        raise InputError(
            f"The collection {spec.name} has fewer than {FEWEST_VECTORS} token vectors, too few "
            "to index; the tensor leg searches them exhaustively, which is fast."
        )


def build_index(engine: Engine, table: str, spec: CollectionSpec) -> None:
    """Index the rows that are there; `check_indexable` must have passed."""
    sdk = engine.sdk
    options = {"pq_subspace_num": str(_subspaces(spec.encoder.token_dim)), "pq_subspace_bits": "8"}

    def build(database: Any) -> None:
        info = sdk.index_info(TOKENS, sdk.index_type.EMVB, options)
        database.get_table(table).create_index(INDEX, info, sdk.conflict_type.Error)

    engine.call("index the token vectors", build)


def drop_index(engine: Engine, table: str) -> bool:
    """Drop the index if there is one; says whether there was."""
    if not has_index(engine, table):
        return False
    conflict = engine.sdk.conflict_type.Ignore
    read(
        engine,
        "drop the index of the token vectors",
        lambda database: database.get_table(table).drop_index(INDEX, conflict),
    )
    return True


def has_index(engine: Engine, table: str) -> bool:
    """Whether the engine would search token vectors by an index."""
    names = read(
        engine,
        "list the indexes",
        lambda database: database.get_table(table).list_indexes().index_names,
    )
    return INDEX in names


def _subspaces(width: int) -> int:
    """The most parts of equal width that are not too short."""
    fitting = (n for n in SUBSPACES if width % n == 0 and width // n >= FEWEST_DIMENSIONS)
    return next(fitting, 1)


def _segments(engine: Engine, table: str) -> int:
    """Parts in which the engine keeps the table, each with an index of its own.

    It adds to one as long as there are fewer than eight million rows, but may rewrite that
    one after deletions and then begin another.
    """
    return sum(_has_segment(engine, table, number) for number in range(SEGMENTS_ASKED_FOR))


def _has_segment(engine: Engine, table: str, number: int) -> bool:
    try:
        read(
            engine,
            "describe a segment",
            lambda database: database.get_table(table).show_segment(number),
        )
    except StoreUnreachableError:
        raise
    except StoreError:  # how the engine says that there is none
        return False
    return True


def _has_vectors(engine: Engine, table: str, wanted: int) -> bool:
    """Whether the rows hold so many token vectors; reads no more rows than it must."""
    found, offset = 0, 0
    while found < wanted:
        counts = _vectors_of_rows(engine, table, offset)
        if not counts:
            return False
        found += sum(counts)
        offset += ROWS_A_READ
    return True


def _vectors_of_rows(engine: Engine, table: str, offset: int) -> list[int]:
    def tensors(database: Any) -> Any:
        query = database.get_table(table).output([TOKENS]).limit(ROWS_A_READ).offset(offset)
        return query.to_result()[0]

    (column,) = read(engine, "count token vectors", tensors).values()
    return [len(tensor) for tensor in column]
