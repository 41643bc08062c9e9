"""What answers say where there is nothing to say."""

from __future__ import annotations


def nothing_found(collection: str) -> str:
    """The answer where no passage answers the question."""
    return f"Nothing in {collection} answers this question."
