"""Where a database keeps small state, known without opening it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.store.address import Address

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import StoreSettings


def state_dir(settings: StoreSettings) -> Path:
    """The folder, which may not exist yet: the embedded database's own, or one a server."""
    path = settings.path.expanduser().absolute()
    if settings.uri is None:
        return path
    return path / "servers" / Address.parse(settings.uri).slug
