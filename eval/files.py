"""Files that are there whole or not at all, so that a killed run leaves nothing half done."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def part_of(path: Path) -> Path:
    """Where a file is while it is being written."""
    return path.with_name(f"{path.name}.part")


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """Write a text file that appears under its name when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """The whole of a text file."""
    with writing(path) as file:
        file.write(text)


def write_json(path: Path, value: Any) -> None:
    """The whole of a JSON file."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """What a JSON file holds, None when there is no file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
