"""Whether a server asks for keys, and who a request is from."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from api.auth.browser import refuse_other_sites
from api.auth.caller import EVERYONE
from api.refusals import UnauthenticatedError
from rag.errors import SettingsError

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from api.auth.caller import Caller
    from api.auth.key_file import KeyFile
    from rag.settings import ServerSettings

HOW_TO_MAKE = "`trident keys create NAME`"


class Access:
    """Who may use a server with these settings and keys.

    Raises: SettingsError when it could be reached from elsewhere without a key, or by nobody.
    """

    def __init__(self, settings: ServerSettings, keys: KeyFile):
        self._settings = settings
        self._keys = keys
        self._local = is_loopback(settings.host)
        self._refuse_unsafe()

    @property
    def needs_key(self) -> bool:
        """Requests need a key; with `auto`, as soon as one was made. Raises: KeyFileError."""
        if self._settings.auth != "auto":
            return self._settings.auth == "on"
        return not self._local or not self._keys.is_empty()

    def caller(self, headers: Headers) -> Caller:
        """Who sent a request. Raises: RefusalError, KeyFileError."""
        if not self.needs_key:
            refuse_other_sites(headers, self._settings)
            return EVERYONE
        sent = sent_key(headers)
        key = self._keys.find(sent)
        if key is None:
            raise UnauthenticatedError(_reason(sent))
        return key.caller()

    def _refuse_unsafe(self) -> None:
        host = self._settings.host
        if self._settings.auth == "off" and not self._local:
            raise SettingsError(
                f"server.auth is off, which is for this machine alone, but server.host is {host}; "
                f"leave server.auth at auto and make a key with {HOW_TO_MAKE}."
            )
        if self.needs_key and self._keys.is_empty():
            raise SettingsError(
                f"A server at {host} asks for keys, and there is none yet; make one with "
                f"{HOW_TO_MAKE}, then start it again."
            )


def is_loopback(host: str) -> bool:
    """Only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sent_key(headers: Headers) -> str:
    """The key of a request, empty where there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def _reason(sent: str) -> str:
    if sent:
        return "This key is unknown, revoked or expired; ask whoever runs the server for another."
    return "Send a key in the header Authorization: Bearer KEY, or X-API-Key: KEY."
