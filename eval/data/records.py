"""Lines and JSON records of data files, plain or gzipped, each with where it stands."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedReader
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Record:
    """One object of a file; `where` is `file:line`, or `file row N` of a Parquet file."""

    where: str
    fields: Mapping[str, Any]

    def identifier(self, *keys: str) -> str:
        """The first of these fields that is there, as an id.

        Raises: SourceError when none is, or when it has white space, which no TREC file can hold.
        """
        value = self._first(keys)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            raise broken(self.where, f"has no {_choice(keys)}")
        if value.split() != [value]:
            raise broken(self.where, f"has the id {value!r} with white space")
        return value

    def text(self, *keys: str, default: str | None = None) -> str:
        """The first of these fields that is there, as text. Raises: SourceError."""
        value = self._first(keys)
        value = default if value is None else value
        if not isinstance(value, str):
            raise broken(self.where, f"has no {_choice(keys)} that is a string")
        return value

    def records(self, key: str) -> list[Record]:
        """The objects in a list; none when the field is not there. Raises: SourceError."""
        items = self.fields.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise broken(self.where, f'has a "{key}" that is no list of objects')
        return [Record(self.where, item) for item in items]

    def _first(self, keys: tuple[str, ...]) -> object:
        return next((self.fields[key] for key in keys if self.fields.get(key) is not None), None)


def broken(where: str, what: str) -> SourceError:
    """The error for a record: `what` says what it is or has."""
    return SourceError(f"{where} {what}; mend it or take it out.")


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """(`file:line`, text without its newline) of each line that is not blank, one by one.

    Raises: SourceError when the file cannot be read to its end or is not UTF-8.
    """
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", _decode(line, f"{path}:{number}")
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; check the path.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{path} is not a whole gzip file; fetch it again.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error


def read_records(path: Path) -> Iterator[Record]:
    """The JSON object on each line. Raises: SourceError as `read_lines`, or for a broken line."""
    for where, line in read_lines(path):
        yield Record(where, _load(line, where))


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _decode(line: bytes, where: str) -> str:
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise broken(where, "is not UTF-8") from error


def _load(line: str, where: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise broken(where, f"is not JSON ({error.msg} at column {error.colno})") from error
    except (ValueError, RecursionError) as error:  # numbers or nesting beyond what Python reads
        raise broken(where, "is JSON that cannot be read") from error
    if not isinstance(value, dict):
        raise broken(where, "is not a JSON object")
    return value


def _choice(keys: tuple[str, ...]) -> str:
    return " or ".join(f'"{key}"' for key in keys)
