"""What a server that asks for no key must not do for a web page of somebody else.

A page can have its reader's browser send requests to this machine. Under a name of its own
that it lets resolve to 127.0.0.1 (DNS rebinding) it could read the answers, too: the `Host`
header tells. A form reaches the server without asking first: the `Origin` header tells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.refusals import ForeignOriginError, HostNotAllowedError

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from rag.settings import ServerSettings

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)


def refuse_other_sites(headers: Headers, settings: ServerSettings) -> None:
    """Let pass what a program or a page of this server sends.

    Raises: HostNotAllowedError, ForeignOriginError.
    """
    host = headers.get("host", "")
    if _name(host) not in LOOPBACK_NAMES | {settings.host, *settings.allowed_hosts}:
        raise HostNotAllowedError(
            "Without keys this server answers to localhost only; add other names of it to "
            "server.allowed_hosts."
        )
    origin = headers.get("origin")
    allowed = origin is None or urlsplit(origin).netloc == host
    if not allowed and not {origin, "*"} & set(settings.cors_origins):
        raise ForeignOriginError(
            "Pages of other sites may not use this server; add theirs to server.cors_origins."
        )


def _name(host: str) -> str:
    found = HOST.fullmatch(host)
    return found["name"].lower() if found else ""
