"""Object stores and other file systems, through fsspec."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from indexers.parse.registry import format_of
from indexers.sources.base import SourceFile
from indexers.sources.spool import MIB, Spool, TooLargeError
from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexers.sources.base import SourceOptions
    from indexers.sources.found import Found
    from rag.settings import FetchSettings

S3 = "s3"
# What is to be installed for a scheme.
PACKAGES = {
    S3: "'trident-rag[s3]'",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
}
SCHEMES = (*PACKAGES, "memory", "file")
# Longest first: what a file system says when an object has not changed.
UNCHANGED_BY = ("ETag", "etag", "md5Hash", "LastModified", "mtime", "created")


class FilesystemSource:
    """Expands an object, a folder with all below it, or a glob."""

    def __init__(self, found: Found, options: SourceOptions) -> None:
        self._found = found
        self._options = options
        self._spool = Spool(options.fetch.cache, options.fetch.largest)

    def add(self, url: str) -> None:
        """Add what is there. Raises: SourceError when that is nothing, or cannot be listed."""
        filesystem, path = _filesystem(url, self._options.fetch)
        filesystem.invalidate_cache()  # it lives as long as the process, as do its listings
        try:
            objects = _listed(filesystem, path)
        except Exception as error:
            raise SourceError(f"{url} cannot be listed: {_line(error)}.") from error
        if not objects:
            raise SourceError(f"{url} matches no object; check the address.")
        for one in objects:
            self._add(filesystem, one)

    def _add(self, filesystem: Any, info: dict[str, Any]) -> None:
        origin = filesystem.unstrip_protocol(info["name"])
        known = format_of(Path(PurePosixPath(info["name"]).name), self._options.parser)
        if known is None:
            self._found.skip(origin, f"no parser for {PurePosixPath(info['name']).suffix}")
            return
        try:
            path = self._fetched(filesystem, origin, info)
        except TooLargeError:
            self._found.skip(
                origin, f"larger than fetch.largest, {self._options.fetch.largest} MiB"
            )
        except TimeoutError:
            seconds = f"{self._options.fetch.timeout:g} s"
            self._found.skip(origin, f"took longer than fetch.timeout, {seconds}")
        except Exception as error:  # noqa: BLE001 - each file system raises errors of its own
            self._found.skip(origin, f"cannot be fetched: {_line(error)}")
        else:
            self._found.add(SourceFile(path, known, path.stat().st_size, origin))

    def _fetched(self, filesystem: Any, origin: str, info: dict[str, Any]) -> Path:
        state = {key: str(info[key]) for key in (*UNCHANGED_BY, "size") if info.get(key)}
        before = self._spool.get(origin)
        if before and len(state) > 1 and state.items() <= before.facts.items():
            return before.path
        if (info.get("size") or 0) > self._options.fetch.largest * MIB:
            raise TooLargeError
        name = PurePosixPath(info["name"]).name
        return self._spool.put(origin, name, state, self._parts(filesystem, info["name"])).path

    def _parts(self, filesystem: Any, name: str) -> Iterator[bytes]:
        deadline = time.monotonic() + self._options.fetch.timeout
        with filesystem.open(name, "rb") as file:
            for part in iter(partial(file.read, MIB), b""):
                if time.monotonic() > deadline:
                    raise TimeoutError
                yield part


def _filesystem(url: str, settings: FetchSettings) -> tuple[Any, str]:
    import fsspec

    scheme, mark, path = url.partition("://")
    scheme = scheme.lower()
    choices = {"endpoint_url": settings.s3_endpoint} if scheme == S3 else {}
    given = {name: value for name, value in choices.items() if value is not None}
    try:
        filesystem, path = fsspec.core.url_to_fs(scheme + mark + path, **given)
    except ImportError as error:
        raise SourceError(
            f"To read {scheme}:// addresses, run `pip install {PACKAGES.get(scheme, scheme)}`."
        ) from error
    except (ValueError, OSError) as error:
        raise SourceError(f"{url} cannot be opened: {_line(error)}.") from error
    return filesystem, str(path)


def _listed(filesystem: Any, path: str) -> list[dict[str, Any]]:
    import fsspec

    if not fsspec.core.has_magic(path):
        found = filesystem.find(path, detail=True)
    else:
        found = filesystem.glob(path, detail=True)
    files = [info for info in found.values() if info["type"] == "file"]
    return sorted(files, key=lambda info: str(info["name"]))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
