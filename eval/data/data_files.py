"""Records of data files, whatever their format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.parquet import SUFFIX as PARQUET
from eval.data.parquet import read_parquet
from eval.data.records import read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from eval.data.records import Record

READERS: Mapping[str, Callable[[Path], Iterator[Record]]] = {PARQUET: read_parquet}


def read_data(paths: Iterable[Path]) -> Iterator[Record]:
    """The records of these files one by one: Parquet, else JSON lines. Raises: SourceError."""
    for path in paths:
        yield from READERS.get(path.suffix, read_records)(path)
