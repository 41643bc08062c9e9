"""Records of Parquet files, read a few rows at a time."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from eval.data.records import Record
from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX = ".parquet"
ROWS_AT_ONCE = 64  # of long documents: a few megabytes


def read_parquet(path: Path) -> Iterator[Record]:
    """Each row as a record; `where` is `file row N`, from 1. Raises: SourceError."""
    from pyarrow.parquet import ParquetFile

    with _explained(path), ParquetFile(path) as file:
        batches = file.iter_batches(batch_size=ROWS_AT_ONCE)
        rows = chain.from_iterable(batch.to_pylist() for batch in batches)
        for number, fields in enumerate(rows, 1):
            yield Record(f"{path} row {number}", fields)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; check the path.") from error
    except (ArrowException, OSError) as error:  # Arrow raises OSError for bytes it cannot decode
        raise SourceError(f"{path} is not a whole Parquet file; fetch it again.") from error
