"""How a key is sent, as the reference says it."""

from __future__ import annotations

from fastapi.security import APIKeyHeader, HTTPBearer

BEARER = HTTPBearer(
    scheme_name="bearer",
    description="a key of `trident keys create`; a server of this machine alone may ask for none",
    auto_error=False,
)
HEADER = APIKeyHeader(
    name="X-API-Key",
    scheme_name="header",
    description="the same key in a header of its own",
    auto_error=False,
)
