"""Collections that are being built: hidden, under a name that no user can give.

A draft gets its name when it is whole, and may take that of another collection then. What a
crash leaves of one is removed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.store.catalog import Catalog

PREFIX = ".draft-"
# On a server another client may be building it.
ABANDONED = timedelta(days=2)


def draft_name(uid: str) -> str:
    """The name of the draft with this uid."""
    return f"{PREFIX}{uid}"


def is_draft(name: str) -> bool:
    """Whether it is the name of a draft."""
    return name.startswith(PREFIX)


def now() -> str:
    """When something is made, as the catalog notes it; of two moments the later is greater."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def forget_drafts(catalog: Catalog, older_than: timedelta = timedelta(0)) -> None:
    """Remove drafts from the catalog; recovery drops tables that are not in it."""
    newest = datetime.now(UTC) - older_than
    for info in catalog.collections():
        if is_draft(info.spec.name) and datetime.fromisoformat(info.created) <= newest:
            catalog.remove(info.uid)
