"""What sites ask of robots (RFC 9309)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

from indexers.sources.guard import guarded_client

if TYPE_CHECKING:
    import httpx

    from rag.settings import FetchSettings

MOST_BYTES = 500 * 2**10  # what the RFC asks a robot to read at least
NOTHING_ALLOWED = ["User-agent: *", "Disallow: /"]


class Robots:
    """The robots.txt of each site that was asked, kept for a run."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._rules: dict[str, RobotFileParser] = {}

    def allow(self, url: httpx.URL) -> bool:
        """Whether the site lets this robot read the page. Raises: httpx.HTTPError."""
        if not self._settings.robots:
            return True
        origin = str(url.copy_with(raw_path=b"/robots.txt", fragment=None))
        if origin not in self._rules:
            self._rules[origin] = self._read(origin)
        return self._rules[origin].can_fetch(self._settings.user_agent, str(url))

    def _read(self, url: str) -> RobotFileParser:
        """No file allows all; a site that fails allows nothing, says the RFC."""
        rules = RobotFileParser()
        with guarded_client(self._settings) as client, client.stream("GET", url) as reply:
            rules.parse(_lines(reply))
        return rules


def _lines(reply: httpx.Response) -> list[str]:
    if reply.is_server_error:
        return NOTHING_ALLOWED
    return _head(reply).decode("utf-8", "replace").splitlines() if reply.is_success else []


def _head(reply: httpx.Response) -> bytes:
    text = b""
    for part in reply.iter_bytes():
        text += part
        if len(text) > MOST_BYTES:
            break
    return text[:MOST_BYTES]
