"""Reading one file by its format, and what lies within it by theirs, within limits."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument, ParseError
from indexers.parse.outline import outline
from rag.settings.parse import MIB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from indexers.parse.base import Format, Parsed
    from rag.settings import ParseSettings


LONGEST_MESSAGE = 120
ALWAYS_UNPACKED = 32 * MIB  # however small the archive: short texts can be packed very well


class LimitError(ParseError):
    """A file unpacks to more than it may: the whole of it is refused, not one member."""


@dataclass(slots=True)
class Budget:
    """What is left of the bytes and files that may be unpacked from one file."""

    size: int
    members: int

    def take(self, size: int = 0, members: int = 0) -> None:
        """Use some of it up. Raises: LimitError."""
        self.size -= size
        self.members -= members
        if self.size < 0:
            raise LimitError(
                "it unpacks to more than may be (parse.largest_unpacked, parse.highest_ratio)"
            )
        if self.members < 0:
            raise LimitError("it holds more files than may be (parse.most_members)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is read; files within it share its `budget`.

    `depth` counts the files around it.
    """

    settings: ParseSettings
    format_of: Callable[[Path], Format | None]
    budget: Budget
    depth: int = 0

    @classmethod
    def begin(
        cls, settings: ParseSettings, format_of: Callable[[Path], Format | None], size: int
    ) -> Reading:
        """For a file of its own, of `size` bytes."""
        by_ratio = max(ALWAYS_UNPACKED, size * settings.highest_ratio)
        budget = Budget(min(by_ratio, settings.largest_unpacked * MIB), settings.most_members)
        return cls(settings, format_of, budget)

    def read(self, path: Path, known: Format) -> Iterator[Parsed]:
        """What the file holds. Raises: ParseError, OSError."""
        require(known)
        if not known.streams:
            check_size(path.stat().st_size, self.settings.largest_file)
        try:
            for parsed in known.parse(path, self):
                yield located(parsed)
        except (ParseError, OSError):
            raise
        except MemoryError as error:
            raise ParseError(
                f"reading it takes more than {self.settings.memory} MiB (parse.memory)"
            ) from error
        except Exception as error:  # libraries raise anything on a damaged file
            raise ParseError(f"it cannot be read as {known.name} ({_short(error)})") from error

    def inside(self) -> Reading:
        """For a file within the file. Raises: ParseError when they are nested too deeply."""
        if self.depth >= self.settings.deepest_nesting:
            raise ParseError(
                f"it lies in more than {self.depth - 1} files within files (parse.deepest_nesting)"
            )
        return replace(self, depth=self.depth + 1)


def require(known: Format) -> None:
    """Raises: ParseError with the command that installs what the format needs."""
    missing = next((m for m in known.modules if importlib.util.find_spec(m) is None), None)
    if missing:
        package = f"'trident-rag[{known.extra}]'" if known.extra else missing
        raise ParseError(f"reading {known.name} needs {missing}: `pip install {package}`")


def check_size(size: int, limit: int) -> None:
    """Raises: ParseError when `size` in bytes is above `limit` in MiB."""
    if size > limit * MIB:
        raise ParseError(
            f"it has {size / MIB:.0f} MiB, more than the {limit} that are read (parse.largest_file)"
        )


def located(parsed: Parsed) -> Parsed:
    """A parser that only says where sections begin leaves it to the text to name them."""
    if isinstance(parsed, ParsedDocument) and parsed.sections and not parsed.places:
        return replace(parsed, places=outline(parsed.text, parsed.sections))
    return parsed


def _short(error: Exception) -> str:
    message = " ".join(str(error).split())[:LONGEST_MESSAGE]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
