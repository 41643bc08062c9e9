"""The work of a parsing process: small simple files together, any other file alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from indexers.parse.base import Parsed, ParseError
from indexers.parse.reading import Reading
from indexers.parse.registry import format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexers.sources import SourceFile
    from rag.settings import ParseSettings

# Their names must fit into the buffer of a pipe.
MOST_FILES = 32
MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Done:
    """All of a file has been given."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file could not be read to its end; what was given before is good."""

    reason: str


Item: TypeAlias = Parsed | Done | Failure


@dataclass(frozen=True, slots=True)
class ParseEvent:
    """One thing that a file gave."""

    file: SourceFile
    item: Item


@dataclass(frozen=True, slots=True)
class Batch:
    """Files for one worker, read in order."""

    files: tuple[SourceFile, ...]

    @property
    def simple(self) -> bool:
        """Small files of simple formats: they cost little, and what they give is small."""
        return all(_is_simple(file) for file in self.files)


def batches(files: Iterable[SourceFile]) -> Iterator[Batch]:
    """Files in order; small simple ones that follow each other come together."""
    together: list[SourceFile] = []
    for file in files:
        if together and not (_is_simple(file) and _has_room(together, file)):
            yield Batch(tuple(together))
            together.clear()
        if _is_simple(file):
            together.append(file)
        else:
            yield Batch((file,))
    if together:
        yield Batch(tuple(together))


def parse_batch(files: Sequence[SourceFile], settings: ParseSettings) -> Iterator[ParseEvent]:
    """Everything that the files hold, read in this process."""
    for file in files:
        try:
            for parsed in _parse(file, settings):
                yield ParseEvent(file, parsed)
        except (ParseError, OSError) as error:
            yield ParseEvent(file, Failure(reason_of(error)))
        else:
            yield ParseEvent(file, Done())


def _parse(file: SourceFile, settings: ParseSettings) -> Iterator[Parsed]:
    if file.path.exists() and not file.path.is_file():
        raise ParseError("not a regular file")  # a pipe or a device may give bytes for ever
    find = partial(format_of, choice=settings.parser)
    return Reading.begin(settings, find, file.size).read(file.path, file.format)


def reason_of(error: ParseError | OSError) -> str:
    """Why a file cannot be read, for the report."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)


def _is_simple(file: SourceFile) -> bool:
    return file.format.simple and file.size <= MOST_BYTES


def _has_room(together: Sequence[SourceFile], file: SourceFile) -> bool:
    size = sum(other.size for other in together) + file.size
    return len(together) < MOST_FILES and size <= MOST_BYTES
