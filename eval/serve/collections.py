"""Collections of a server that a benchmark writes to."""

from __future__ import annotations

import httpx

from eval.serve.requests import kind_of
from rag.errors import FailureError

TIMEOUT = 60.0
CREATED, EXISTS = 201, 409


def make_collection(url: str, name: str) -> None:
    """Make an empty collection, unless it is there. Raises: FailureError."""
    response = httpx.post(f"{url}/v1/collections", json={"name": name}, timeout=TIMEOUT)
    if response.status_code not in {CREATED, EXISTS}:
        raise FailureError(f"The server did not make {name}: it answered {kind_of(response)}.")
