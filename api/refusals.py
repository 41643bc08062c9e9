"""What the server refuses before it does anything, each with the headers that say more.

TridentError
└── RefusalError
    ├── OverloadedError       too many requests wait (503, Retry-After)
    ├── StoppingError         the server is being stopped (503, Retry-After)
    ├── TooLargeError         a body is too large (413)
    ├── UnauthenticatedError  no valid key (401, WWW-Authenticate)
    ├── KeysUnreadableError   the server cannot tell who asks (500)
    ├── ForbiddenError        a key without the scope (403)
    ├── HostNotAllowedError   a name that is not the server's own (400)
    ├── ForeignOriginError    another site's page, where no key is asked for (403)
    └── RateLimitedError      too many requests in a while (429, Retry-After, RateLimit)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limits import RateLimitItem


class RefusalError(TridentError):
    """Base of all; `headers` go with the response."""

    headers: Mapping[str, str] = {}


class OverloadedError(RefusalError):
    """More requests wait than the server will keep."""

    code = "overloaded"
    http_status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"Retry-After": "1"}


class TooLargeError(RefusalError):
    """A body is larger than the server takes."""

    code = "too_large"
    http_status: ClassVar[int] = 413


class StoppingError(RefusalError):
    """The server is being stopped and begins nothing new."""

    code = "stopping"
    http_status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"Retry-After": "5"}

    def __init__(self) -> None:
        super().__init__("The server is being stopped; ask again in a moment.")


class UnauthenticatedError(RefusalError):
    """There is no key, or none that is valid."""

    code = "unauthenticated"
    http_status: ClassVar[int] = 401
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class KeysUnreadableError(RefusalError):
    """The server cannot tell who asks, and why is for its log only."""

    code = "keys_unreadable"


class ForbiddenError(RefusalError):
    """The key is valid but lacks the scope."""

    code = "forbidden"
    http_status: ClassVar[int] = 403


class HostNotAllowedError(RefusalError):
    """The request is for a host name that is not the server's own."""

    code = "host_not_allowed"
    http_status: ClassVar[int] = 400


class ForeignOriginError(RefusalError):
    """A page of another site sent the request, and the server asks for no key."""

    code = "foreign_origin"
    http_status: ClassVar[int] = 403


class RateLimitedError(RefusalError):
    """The client sent more requests than it may in a while."""

    code = "rate_limited"
    http_status: ClassVar[int] = 429

    def __init__(self, rate: RateLimitItem, seconds: int, headers: Mapping[str, str]) -> None:
        super().__init__(
            f"You may send {rate.amount} such requests in {rate.get_expiry()} seconds and sent "
            f"more; retry in {seconds} seconds."
        )
        self.headers = {**headers, "Retry-After": str(seconds)}
