"""Small facts and large files that are kept between runs, in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cache_path(kind: str, key: Mapping[str, str], suffix: str) -> Path:
    """Where the value of a key lies; `kind` is its subfolder."""
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:32]
    return user_cache_path("trident") / kind / f"{digest}{suffix}"


def recall(kind: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """What `remember` kept under the key; None: nothing that can be read."""
    try:
        value = json.loads(cache_path(kind, key, ".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def remember(kind: str, key: Mapping[str, str], value: Mapping[str, Any]) -> None:
    """Keep a value; a cache that cannot be written only costs the time to find it again."""
    with suppress(OSError), atomic(cache_path(kind, key, ".json")) as path:
        path.write_text(json.dumps({"key": dict(key), **value}), encoding="utf-8")


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary file that becomes `path` when the block ends well, and goes when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
