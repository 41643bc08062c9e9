"""What the server refuses before it does anything, each with the headers that say more.

TridentError
└── RefusalError
    ├── OverloadedError       too many requests wait (503, Retry-After)
    ├── UnauthenticatedError  no valid key (401, WWW-Authenticate)
    └── ForbiddenError        a key without the scope (403)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RefusalError(TridentError):
    """Base of all; `headers` go with the response."""

    headers: ClassVar[Mapping[str, str]] = {}


class OverloadedError(RefusalError):
    """More requests wait than the server will keep."""

    code = "overloaded"
    http_status: ClassVar[int] = 503
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class UnauthenticatedError(RefusalError):
    """There is no key, or none that is valid."""

    code = "unauthenticated"
    http_status: ClassVar[int] = 401
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(RefusalError):
    """The key is valid but lacks the scope."""

    code = "forbidden"
    http_status: ClassVar[int] = 403
