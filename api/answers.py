"""Responses that are kept: the same question over the same rows is answered once.

A response is kept under the collection's version as it was before the question was asked. Every
change gives the collection another version before it is acknowledged, so that no answer of
before is found after it, whichever process made the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Response

from api.deps import ServerState
from rag.errors import CollectionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from api.state import State

HEADER = "X-Cache"
FRESH = re.compile(r"\bno-(cache|store)\b", re.IGNORECASE)
JSON = "application/json"
CACHE_HEADER: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            HEADER: {
                "description": "Whether the answer was there already; absent where none is kept. "
                "Cache-Control: no-cache in the request asks for a fresh one.",
                "schema": {"type": "string", "enum": ["hit", "miss"]},
            }
        }
    }
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers one request, from the cache where that is right."""

    state: State
    path: str
    fresh: bool

    async def respond(
        self,
        collection: str,
        body: BaseModel,
        make: Callable[[], BaseModel],
        *,
        keep: bool = True,
    ) -> Response:
        """The response to `body`, which `make` makes in a thread; without `keep` always anew.

        Raises: OverloadedError, and what `make` raises.
        """
        return await self.state.work.run(self._respond, collection, body, make, keep)

    def _respond(
        self, collection: str, body: BaseModel, make: Callable[[], BaseModel], keep: bool
    ) -> Response:
        cache = self.state.caches.answers
        key = self._key(collection, body) if keep and cache.keeps else None
        if key is None:
            return _response(_json(make()))
        found = None if self.fresh else cache.get(key)
        if found is not None:
            return _response(found, "hit")
        content = _json(make())
        cache.put(key, content)
        return _response(content, "miss")

    def _key(self, collection: str, body: BaseModel) -> bytes | None:
        """None where there is no such collection, of which asking tells in its own way."""
        try:
            version = self.state.service.store.version(collection)
        except CollectionNotFoundError:
            return None
        parts = (self.path, collection, version, repr(body))
        return sha256("\0".join(parts).encode()).digest()


async def get_answers(request: Request, state: ServerState) -> Answers:
    """The cache, for this request; `Cache-Control: no-cache` asks for a fresh answer."""
    fresh = FRESH.search(request.headers.get("Cache-Control", "")) is not None
    return Answers(state, request.url.path, fresh)


CachedAnswers = Annotated[Answers, Depends(get_answers)]


def _json(model: BaseModel) -> bytes:
    return model.model_dump_json().encode()


def _response(content: bytes, cache: str | None = None) -> Response:
    """Not validated once more, as FastAPI would."""
    return Response(content, headers={HEADER: cache} if cache else None, media_type=JSON)
