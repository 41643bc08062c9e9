"""Where what is fetched lies as files, with what tells whether it has changed."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 80
MIB = 2**20


class TooLargeError(Exception):
    """More came than a source may have."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A fetched source: its file, and what its server said of it."""

    path: Path
    facts: Mapping[str, str]


class Spool:
    """A folder for each source; a file in it is replaced only when the source has changed."""

    def __init__(self, folder: Path, largest_mib: int) -> None:
        self._folder = folder.expanduser().absolute()
        self._largest = largest_mib * MIB

    def get(self, origin: str) -> Spooled | None:
        """What was fetched before, if it is all there."""
        place = self._place(origin)
        try:
            facts = json.loads((place / "facts.json").read_text("utf-8"))
            found = Spooled(place / "content" / facts["file"], facts)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.path.is_file() else None

    def put(
        self, origin: str, name: str, facts: Mapping[str, str], parts: Iterable[bytes]
    ) -> Spooled:
        """Keep what comes, under a name that is safe. Raises: TooLargeError, OSError."""
        place = self._place(origin)
        (place / "content").mkdir(parents=True, exist_ok=True)
        arriving = place / "arriving"
        self._write(arriving, parts)
        safe = UNSAFE.sub("_", name).lstrip(".")[-LONGEST_NAME:] or "source"
        held = {**facts, "file": safe}
        (place / "facts.json").unlink(missing_ok=True)
        path = arriving.replace(place / "content" / safe)
        (place / "facts.json").write_text(json.dumps(held), "utf-8")
        return Spooled(path, held)

    def _write(self, arriving: Path, parts: Iterable[bytes]) -> None:
        size = 0
        with arriving.open("wb") as file:
            for part in parts:
                size += len(part)
                if size > self._largest:
                    arriving.unlink()
                    raise TooLargeError
                file.write(part)

    def _place(self, origin: str) -> Path:
        return self._folder / hashlib.sha256(origin.encode()).hexdigest()[:32]
