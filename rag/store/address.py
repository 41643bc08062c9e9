"""Where a server is: `infinity://host:port/database`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

SDK_PORT = 23817  # of a server that was not told another
DATABASE = "trident"


@dataclass(frozen=True, slots=True)
class Address:
    """A database on a server. One that Trident shares with no one, hence not the default one."""

    host: str
    port: int
    database: str

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Read a URI that `rag.settings` has checked; port and database may be missing."""
        parts = urlsplit(uri)
        return cls(parts.hostname or "", parts.port or SDK_PORT, parts.path.strip("/") or DATABASE)

    @property
    def slug(self) -> str:
        """As the name of a folder."""
        return f"{self.host.replace(':', '_')}-{self.port}-{self.database}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
