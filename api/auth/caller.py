"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from api.refusals import ForbiddenError
from rag.errors import CollectionNotFoundError


class Scope(StrEnum):
    """What a key is for: WRITE adds and deletes documents, ADMIN collections."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request: `name` is the id of its key.

    `collections` are those it was granted, None for all.
    """

    name: str
    scopes: frozenset[Scope]
    collections: frozenset[str] | None = None

    def need(self, scope: Scope) -> None:
        """Raises: ForbiddenError when the scope is not among the caller's."""
        if scope not in self.scopes:
            raise ForbiddenError(f"This key may not do that; it takes one with the scope {scope}.")

    def sees(self, collection: str) -> bool:
        """Whether the collection was granted."""
        return self.collections is None or collection in self.collections

    def check(self, collection: str) -> str:
        """The collection, if it was granted. Raises: CollectionNotFoundError, as if absent."""
        if not self.sees(collection):
            raise CollectionNotFoundError(collection)
        return collection


EVERYONE = Caller("anyone", frozenset(Scope))
