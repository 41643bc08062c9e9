"""What an API key is: `tk_<id>_<secret>`, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.auth.caller import Caller, Scope
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRET_BYTES = 32
KEY = re.compile(r"tk_(?P<id>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")
NAME = re.compile(r"[\w][\w .@-]{0,62}")


class KeyState(StrEnum):
    """Only an active key is let in."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept; times are seconds since 1970, in UTC.

    `collections` are those it was granted, None for all, also later ones.
    """

    id: str
    name: str
    digest: str
    scopes: frozenset[Scope]
    collections: frozenset[str] | None
    created: int
    expires: int | None = None
    revoked: int | None = None

    @property
    def state(self) -> KeyState:
        """Whether it is good for anything."""
        if self.revoked is not None:
            return KeyState.REVOKED
        expired = self.expires is not None and self.expires <= time.time()
        return KeyState.EXPIRED if expired else KeyState.ACTIVE

    def caller(self) -> Caller:
        """Who has the key."""
        return Caller(self.id, self.scopes, self.collections)


def make_key(
    name: str,
    scopes: Iterable[Scope],
    collections: Iterable[str] | None = None,
    expires: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and the text that is shown once. Raises: InputError (bad name)."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r:.80} cannot be the name of a key: use 1 to 63 letters, digits, spaces and "
            "any of . @ - _, beginning with a letter or digit."
        )
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    granted = None if collections is None else frozenset(collections)
    created = int(time.time())
    key = ApiKey(key_id, name, digest_of(secret), frozenset(scopes), granted, created, expires)
    return key, f"tk_{key_id}_{secret}"


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal.

    A slow hash with a salt would protect passwords, which can be guessed; nobody guesses 256
    random bits, and each request pays for the hash.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, key: ApiKey | None) -> bool:
    """The secret is that of the key; as slow for an id that nobody has as for one that is known."""
    known = key.digest if key else digest_of("")
    return hmac.compare_digest(digest_of(secret), known) and key is not None
