"""Pages and files of the web."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpcore
import httpx

from indexers.parse.registry import format_of, format_of_type
from indexers.sources.base import SourceFile
from indexers.sources.guard import PrivateAddressError, guarded_client
from indexers.sources.robots import Robots
from indexers.sources.spool import Spool, Spooled, TooLargeError

if TYPE_CHECKING:
    from indexers.parse.base import Format
    from indexers.sources.base import SourceOptions
    from indexers.sources.found import Found

SCHEMES = ("http", "https")
# Types that leave it to the name how to read a file.
VAGUE = ("text/", "application/octet-stream", "binary/octet-stream", "application/x-")
# What a server tells of a state of a page, and how it is asked whether that still holds.
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


class RefusedError(Exception):
    """A URL is not fetched; the message is the reason."""


class WebSource:
    """Fetches each URL, unless the server says that it is as it was."""

    def __init__(self, found: Found, options: SourceOptions) -> None:
        self._found = found
        self._options = options
        self._settings = options.fetch
        self._spool = Spool(options.fetch.cache, options.fetch.largest)
        self._robots = Robots(options.fetch)

    def add(self, url: str) -> None:
        """Add what is there; what cannot be had costs only itself."""
        try:
            spooled = self._fetch(url)
            known = self._format(spooled)
        except RefusedError as refusal:
            self._found.skip(url, str(refusal))
        except TooLargeError:
            self._found.skip(url, f"larger than fetch.largest, {self._settings.largest} MiB")
        except httpx.TimeoutException:
            self._found.skip(url, f"took longer than fetch.timeout, {self._settings.timeout:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as error:
            self._found.skip(url, f"cannot be fetched: {_reason(error)}")
        else:
            size = spooled.path.stat().st_size
            self._found.add(SourceFile(spooled.path, known, size, url))

    def _fetch(self, given: str) -> Spooled:
        before = self._spool.get(given)
        url = httpx.URL(given)
        with guarded_client(self._settings) as client:
            for _ in range(self._settings.redirects + 1):
                self._check(url)
                with client.stream("GET", url, headers=_conditions(before)) as reply:
                    if reply.has_redirect_location:
                        url = url.join(reply.headers["location"])
                        continue
                    return self._take(given, url, reply, before)
        raise RefusedError(f"more than {self._settings.redirects} redirects")

    def _check(self, url: httpx.URL) -> None:
        if url.scheme not in SCHEMES or not url.host:
            raise RefusedError(f"leads to {str(url)!r:.100}, which is no http or https URL")
        if not self._robots.allow(url):
            raise RefusedError("robots.txt does not allow it")

    def _take(
        self, given: str, url: httpx.URL, reply: httpx.Response, before: Spooled | None
    ) -> Spooled:
        if reply.status_code == httpx.codes.NOT_MODIFIED and before:
            return before
        if reply.status_code != httpx.codes.OK:
            raise RefusedError(f"the server answered {reply.status_code} {reply.reason_phrase}")
        facts = {name: reply.headers[name] for name in VALIDATORS if name in reply.headers}
        facts["type"] = reply.headers.get("content-type", VAGUE[1])
        name = _file_name(url, format_of_type(facts["type"]))
        return self._spool.put(given, name, facts, reply.iter_bytes())

    def _format(self, spooled: Spooled) -> Format:
        """By the type that the server gave, else by the name."""
        kind = spooled.facts["type"]
        known = format_of_type(kind)
        if known is None and kind.startswith(VAGUE):
            known = format_of(spooled.path, self._options.parser)
        if known is None:
            raise RefusedError(f"no parser for {kind or spooled.path.suffix}")
        return known


def _conditions(before: Spooled | None) -> dict[str, str]:
    facts = before.facts if before else {}
    return {ask: facts[name] for name, ask in VALIDATORS.items() if name in facts}


def _file_name(url: httpx.URL, known: Format | None) -> str:
    name = PurePosixPath(unquote(url.path)).name or url.host
    if known and format_of(Path(name)) is not known:
        return f"{name}{known.suffixes[0]}"
    return name


def _reason(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, PrivateAddressError):
        return str(cause)
    return str(error) or type(error).__name__
